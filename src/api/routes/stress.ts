import { z } from 'zod'
import { scenarioOf, scenarioSchema } from '../../app/scenario-shape.ts'
import type { Scenario } from '../../risk/scenario.ts'
import { crashDays } from '../../risk/scenario-days.ts'
import { asOf } from '../reading/chains.ts'
import { defineRoute, type Route } from '../route.ts'
import { stress } from '../schemas/stress.ts'

const STEPS_MAX = 200

const dayNames = crashDays.map(({ name }) => name) as [string, ...string[]]

const body = z
  .strictObject({
    day: z.enum(dayNames).optional().describe('A crash day that is known'),
    scenario: scenarioSchema
      .refine(({ steps }) => !steps || steps.length <= STEPS_MAX, {
        path: ['steps'],
        message: `has more than ${STEPS_MAX}`,
      })
      .optional(),
    curve: z.boolean().default(false).describe('Debt that can be liquidated at every depth of a common fall'),
    depths: z
      .record(z.string().min(1), z.number().positive())
      .optional()
      .describe('A cascade: US dollars sold of each asset that move its price by 2 %'),
    top: z.int().min(1).max(1_000).default(10).describe('So many of the largest'),
  })
  .refine(({ day, scenario }) => !(day && scenario), {
    path: ['scenario'],
    message: 'stands beside day: give one of them',
  })
  .refine(({ day, scenario, curve }) => day || scenario || curve, {
    message: 'says nothing that happens: give day, scenario or curve',
  })

/** Nothing happens: for the curve alone. */
const STILL: Scenario = {
  name: 'as given',
  steps: [{ name: 'as given', shocks: [], frozen: [], seconds: 0, rates: [] }],
}

/** `stress`: a scenario over all loans of the store, worked out in a thread of its own. */
export const stressRoute: Route = defineRoute({
  ...{ method: 'POST', path: '/v1/stress', tag: 'liquidations', scope: 'read' },
  summary: 'What a fall of prices, or the passing of time, does to all loans in the store',
  description:
    'The same as the command: changes of prices by asset or group such as "-30%", oracles that stand still, rates, a time that passes; one moment or several steps. One scenario is worked out at a time.',
  body,
  answer: stress,
  problems: ['too-much-work', 'unavailable'],
  run: async ({ body: { day, scenario, curve, depths, top } }, tools) => {
    const known = crashDays.find(({ name }) => name === day)
    const text = await tools.stresses.run({
      scenario: known ?? (scenario ? scenarioOf('as given', scenario) : STILL),
      isBuiltIn: known !== undefined,
      isCurve: curve,
      depths: depths && Object.entries(depths).map(([subject, depthUsd]) => ({ subject, depthUsd })),
      limit: top,
    })
    const report = JSON.parse(text) as object
    const { ageSeconds, stale } = asOf(tools.daemon.chains, tools.daemon.nowMs())
    return { body: { ageSeconds, stale, ...report } }
  },
})
