// Timelines: literal series of health in, transitions and messages out.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assessmentOwner, at } from '../../test/support/assessments.ts'
import type { Alert, AlertNotification, AlertRule } from '../model/alert.ts'
import { createEngine } from './engine.ts'
import { notificationsOf } from './notify.ts'

const rule: AlertRule = {
  name: 'Near',
  severity: 'warning',
  scope: 'watched',
  when: 'healthFactor < 1.10',
  until: 'healthFactor > 1.15',
  forSeconds: 0,
  keepFiringForSeconds: 0,
  match: {},
  labels: { team: 'risk' },
  annotations: { summary: 'at {{ healthFactor }}' },
}

type Point = readonly [timestamp: number, hundredths: number | undefined]

/** Plays a series; answers `time status` of every message, and all messages. */
const play = (series: readonly Point[], changes: Partial<AlertRule> = {}) => {
  const engine = createEngine({
    rules: [{ ...rule, ...changes }],
    watches: [{ account: assessmentOwner, label: 'treasury', receivers: ['me'] }],
    receivers: ['me', 'other'],
  })
  const open = new Map<string, Alert>()
  const sent: { time: number; notification: AlertNotification }[] = []
  for (const [timestamp, hundredths] of series) {
    const assessment = at(hundredths, timestamp)
    const output = engine.step(open, {
      block: assessment.block,
      assessments: [assessment],
      closed: [],
      signals: [],
    })
    for (const alert of output.alerts) open.set(alert.fingerprint, alert)
    for (const fingerprint of output.cancelled) open.delete(fingerprint)
    sent.push(
      ...output.changes.flatMap(notificationsOf).map((notification) => ({ time: timestamp, notification })),
    )
  }
  return {
    said: sent.map(({ time, notification }) => `${time} ${notification.status}`),
    sent,
    open: [...open.values()],
  }
}

describe('timelines', () => {
  test.each<[string, readonly Point[], Partial<AlertRule>, readonly string[]]>([
    [
      'fires below, resolves above the hysteresis',
      [
        [0, 120],
        [10, 109],
        [20, 112],
        [30, 116],
      ],
      {},
      ['10 firing', '30 resolved'],
    ],
    [
      'wobbling inside the band says nothing more',
      [
        [0, 109],
        [1, 111],
        [2, 109],
        [3, 114],
        [4, 109],
      ],
      {},
      ['0 firing'],
    ],
    [
      'without until, the opposite of when resolves',
      [
        [0, 109],
        [1, 110],
      ],
      { until: undefined as never },
      ['0 firing', '1 resolved'],
    ],
    [
      'forSeconds has to last',
      [
        [0, 109],
        [5, 109],
        [9, 120],
        [10, 109],
        [20, 109],
      ],
      { forSeconds: 10 },
      ['20 firing'],
    ],
    [
      'keepFiringForSeconds outlasts a recovery',
      [
        [0, 109],
        [1, 120],
        [5, 105],
        [6, 120],
        [20, 120],
      ],
      { keepFiringForSeconds: 10 },
      ['0 firing', '20 resolved'],
    ],
    [
      'unknown neither fires',
      [
        [0, undefined],
        [1, undefined],
      ],
      {},
      [],
    ],
    [
      'unknown nor resolves',
      [
        [0, 109],
        [1, undefined],
        [2, undefined],
        [3, 112],
      ],
      {},
      ['0 firing'],
    ],
    [
      'a pending alert waits through unknown',
      [
        [0, 109],
        [10, undefined],
        [11, 109],
      ],
      { forSeconds: 10 },
      ['11 firing'],
    ],
    [
      'time that runs backwards breaks nothing',
      [
        [100, 109],
        [50, 109],
        [40, 120],
        [30, 109],
      ],
      {},
      ['100 firing', '40 resolved', '30 firing'],
    ],
    [
      'a second episode is told again',
      [
        [0, 109],
        [1, 120],
        [2, 109],
      ],
      {},
      ['0 firing', '1 resolved', '2 firing'],
    ],
    ['a rule that does not match is silent', [[0, 90]], { match: { deployment: 'prime' } }, []],
  ])('%s', (_what, series, changes, said) => {
    expect(play(series, changes).said).toEqual(said)
  })

  test('a message has what a receiver needs', () => {
    const { sent } = play([[7, 109]])
    expect(sent[0]?.notification).toMatchObject({
      receiver: 'me',
      rule: 'Near',
      severity: 'warning',
      labels: {
        alertname: 'Near',
        team: 'risk',
        label: 'treasury',
        protocol: 'aave-v3',
        account: assessmentOwner,
      },
      annotations: { summary: 'at 1.0900' },
      startsAt: 7,
      block: { number: '7' },
      assessment: { healthFactor: '1090000000000000000', kind: 'assessed' },
    })
    expect(sent).toHaveLength(1)
  })

  test('a position that is gone resolves its alert', () => {
    const engine = createEngine({
      rules: [rule],
      watches: [{ account: assessmentOwner, receivers: ['me'] }],
      receivers: ['me'],
    })
    const low = at(105, 1)
    const open = new Map(
      engine
        .step(new Map(), { block: low.block, assessments: [low], closed: [], signals: [] })
        .alerts.map((alert) => [alert.fingerprint, alert]),
    )
    const after = engine.step(open, {
      block: { ...low.block, timestamp: 9 },
      assessments: [],
      closed: [low.id],
      signals: [],
    })
    expect(after.changes.flatMap(notificationsOf)).toMatchObject([
      { status: 'resolved', endsAt: 9, receiver: 'me' },
    ])
  })

  test('signals and book-wide rules speak to all receivers; unwatched positions only to the latter', () => {
    const book = createEngine({
      rules: [rule, { ...rule, name: 'Book', scope: 'book' }],
      watches: [],
      receivers: ['a', 'b'],
    })
    const low = at(105, 1)
    const signal = {
      name: 'HeadStale',
      subject: '1:watcher',
      severity: 'critical',
      isMet: true,
      summary: 'x',
    } as const
    const { changes } = book.step(new Map(), {
      block: low.block,
      assessments: [low],
      closed: [],
      signals: [signal],
    })
    expect(changes.flatMap(notificationsOf).map(({ rule: name, receiver }) => `${name} ${receiver}`)).toEqual(
      ['Book a', 'Book b', 'HeadStale a', 'HeadStale b'],
    )
  })
})

describe('over random series', () => {
  const health = fc.option(fc.integer({ min: 90, max: 130 }), { nil: undefined })
  const seriesOf = fc
    .array(health, { maxLength: 60 })
    .map((values) => values.map((value, index): Point => [index * 10, value]))

  test('firing and resolved alternate, and whatever fired is over or still fires', () => {
    fc.assert(
      fc.property(
        seriesOf,
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        (series, forSeconds, keepFiringForSeconds) => {
          const { said, open } = play(series, { forSeconds, keepFiringForSeconds })
          const statuses = said.map((text) => text.split(' ')[1])
          statuses.forEach((status, index) => {
            expect(status).toBe(index % 2 === 0 ? 'firing' : 'resolved')
          })
          expect(open.some(({ state }) => state === 'firing')).toBe(statuses.length % 2 === 1)
        },
      ),
    )
  })

  test('nothing is said inside the hysteresis band', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 110, max: 115 })), (values) => {
        expect(play(values.map((value, index): Point => [index, value])).said).toEqual([])
        expect(play([[0, 100], ...values.map((value, index): Point => [index + 1, value])]).said).toEqual([
          '0 firing',
        ])
      }),
    )
  })

  test('the same series gives the same ids, each message its own', () => {
    fc.assert(
      fc.property(seriesOf, (series) => {
        const ids = () => play(series).sent.map(({ notification }) => notification.id)
        expect(ids()).toEqual(ids())
        expect(new Set(ids()).size).toBe(ids().length)
      }),
    )
  })
})
