// Timelines: what alerts become in, what receivers are told and are not told out, each with its reason.
import { describe, expect, test } from 'vitest'
import { plainReceiver, plainSettings } from '../../test/support/desk.ts'
import { createPipeline, type Told } from '../../test/support/told.ts'
import type { NotifySettings, ReceiverSettings } from './settings.ts'

const settingsOf = (
  changes: Partial<NotifySettings> = {},
  receivers: Readonly<Record<string, Partial<ReceiverSettings>>> = { phone: {} },
): NotifySettings => ({
  ...plainSettings([]),
  ...changes,
  receivers: new Map(Object.entries(receivers).map(([name, one]) => [name, { ...plainReceiver, ...one }])),
})

const fires = (name: string, more: Partial<Told> = {}): Told => ({ name, status: 'firing', ...more })
const ends = (name: string, more: Partial<Told> = {}): Told => ({ name, status: 'resolved', ...more })
const warning = { severity: 'warning' } as const
const info = { severity: 'info' } as const

describe('an alert', () => {
  test('is told once when it fires and once when it is over', () => {
    const { at, dueSeconds, episodes } = createPipeline(settingsOf())
    expect(at(0, fires('Near'))).toEqual(['phone fired Near'])
    expect(at(1)).toEqual([])
    expect(dueSeconds()).toBeUndefined()
    expect(at(2, ends('Near'))).toEqual(['phone resolved Near'])
    expect(episodes().size).toBe(0)
  })

  test('goes to each of its receivers, and no more where one is gone', () => {
    const { at } = createPipeline(settingsOf({}, { phone: {}, mail: {} }))
    expect(at(0, fires('Near', { receivers: ['phone', 'gone', 'mail'] }))).toEqual([
      'phone fired Near',
      '-gone no-receiver Near',
      'mail fired Near',
    ])
    expect(at(1, ends('Near'))).toEqual(['phone resolved Near', 'mail resolved Near'])
  })

  test('that fires anew is another episode', () => {
    const { at, sent } = createPipeline(settingsOf())
    at(0, fires('Near'))
    const first = sent().map(({ id }) => id)
    at(1, ends('Near'))
    expect(at(2, fires('Near', { activeAt: 2 }))).toEqual(['phone fired Near'])
    expect(sent().map(({ id }) => id)).not.toEqual(first)
  })

  test('that is retracted is told to whoever was told of it', () => {
    const quietHours = { from: '00:00', to: '12:00', timezone: 'UTC' }
    const { at } = createPipeline(settingsOf({}, { phone: { sendResolved: false }, night: { quietHours } }))
    at(0, fires('Near', { ...warning, receivers: ['phone', 'night'] }))
    expect(at(1, { name: 'Near', status: 'retracted', ...warning })).toEqual([
      'phone retracted Near',
      '-night not-told Near',
    ])
  })

  test('that began before notices were kept is told to be over', () => {
    const { at } = createPipeline(settingsOf())
    expect(at(0, ends('Near'))).toEqual(['phone resolved Near'])
  })

  test('that is not bad enough for a receiver, or whose end it does not want, is not told', () => {
    const { at } = createPipeline(
      settingsOf({}, { phone: { minSeverity: 'critical' }, mail: { sendResolved: false } }),
    )
    expect(at(0, fires('Near', { ...warning, receivers: ['phone', 'mail'] }))).toEqual([
      '-phone severity-not-wanted Near',
      'mail fired Near',
    ])
    expect(at(1, ends('Near', warning))).toEqual(['-mail resolved-not-wanted Near'])
  })
})

describe('inhibition', () => {
  test('what is critical stands for a warning of the same loan, which is told when that is over', () => {
    const { at } = createPipeline(settingsOf())
    expect(
      at(0, fires('Near', warning), fires('Close'), fires('Near', { ...warning, account: 'you' })),
    ).toEqual(['phone fired Close', '-phone inhibited Near', 'phone fired Near'])
    expect(at(1)).toEqual([])
    expect(at(2, ends('Close'))).toEqual(['phone resolved Close', 'phone fired Near'])
  })

  test('what was inhibited and is over was never told', () => {
    const { at } = createPipeline(settingsOf())
    at(0, fires('Near', warning), fires('Close'))
    expect(at(1, ends('Near', warning))).toEqual(['-phone not-told Near'])
  })

  test('liquidatable stands for near liquidation', () => {
    const { at } = createPipeline(settingsOf())
    expect(at(0, fires('CloseToLiquidation'), fires('Liquidatable'))).toEqual([
      '-phone inhibited CloseToLiquidation',
      'phone fired Liquidatable',
    ])
  })

  test('a worse alert of the same loan is always told, and says that it is worse', () => {
    const { at, acknowledge } = createPipeline(
      settingsOf({ inhibit: [{ source: warning, target: { severity: 'critical' }, equal: ['subject'] }] }),
    )
    at(0, fires('Near', warning))
    acknowledge('Near')
    expect(at(1, fires('Close'))).toEqual(['phone worse Close'])
  })

  test('what says that something is not known stands for no loan’s alert', () => {
    const any = { source: { severity: '/.*/' }, target: { severity: '/.*/' }, equal: [] }
    const { at } = createPipeline(settingsOf({ inhibit: [...plainSettings([]).inhibit, any] }))
    expect(at(0, fires('EndpointDown', { account: 'watcher' }), fires('Unassessable'))).toEqual([
      'phone fired EndpointDown',
      'phone fired Unassessable',
    ])
    expect(at(1, fires('Near', { ...warning, activeAt: 1 }))).toEqual(['phone fired Near'])
  })

  test('a source that this receiver is not told of stands for nothing', () => {
    const { at, silences } = createPipeline(settingsOf({}, { phone: {}, mail: {} }))
    silences.push({
      id: 's',
      match: { severity: 'critical' },
      startsAt: 0,
      endsAt: 9,
      createdBy: '',
      comment: '',
    })
    expect(at(0, fires('Close'), fires('Near', warning))).toEqual([
      '-phone silenced Close',
      'phone fired Near',
    ])
    expect(at(1, fires('Near', { ...warning, account: 'you', receivers: ['mail'] }))).toEqual([
      'mail fired Near',
    ])
  })

  test('of two that stand for each other the elder is told', () => {
    const each = { source: { severity: 'critical' }, target: { severity: 'critical' }, equal: ['subject'] }
    const { at } = createPipeline(settingsOf({ inhibit: [each] }))
    expect(at(0, fires('A'), fires('B'))).toEqual(['phone fired A', '-phone inhibited B'])
  })
})

describe('silences', () => {
  const silence = (match: Readonly<Record<string, string>>, startsAt: number, endsAt: number) => ({
    ...{ id: 'abc', match, startsAt, endsAt, createdBy: 'ann', comment: '' },
  })

  test('hold back what they match until they are over', () => {
    const { at, silences, dueSeconds } = createPipeline(settingsOf())
    silences.push(
      silence({ account: 'm.', alertname: '/Ne.*/' }, 0, 100),
      silence({ alertname: '/Ne.*/' }, 5, 60),
    )
    expect(at(0, fires('Near'), fires('Close'))).toEqual(['phone fired Close', 'phone fired Near'])
    at(1, ends('Near'), ends('Close'))
    expect(at(10, fires('Near', { activeAt: 10 }), fires('Far', { activeAt: 10 }))).toEqual([
      'phone fired Far',
      '-phone silenced Near',
    ])
    expect(dueSeconds()).toBe(60)
    expect(at(59)).toEqual([])
    expect(at(60)).toEqual(['phone fired Near'])
  })

  test('an end is told to whoever was told the beginning', () => {
    const { at, silences } = createPipeline(settingsOf())
    at(0, fires('Near'))
    silences.push(silence({ alertname: 'Near' }, 0, 100))
    expect(at(1, ends('Near'))).toEqual(['phone resolved Near'])
    expect(at(2, fires('Near', { activeAt: 2 }))).toEqual(['-phone silenced Near'])
    expect(at(3, ends('Near', { activeAt: 2 }))).toEqual(['-phone not-told Near'])
  })
})

describe('repetition', () => {
  const repeatSeconds = { info: 0, warning: 0, critical: 60 }

  test('of what still fires, by severity, each with an id of its own', () => {
    const { at, sent, dueSeconds } = createPipeline(settingsOf({ repeatSeconds }))
    at(0, fires('Close'), fires('Far', { ...warning, account: 'you' }))
    const ids = sent().map(({ id }) => id)
    expect(dueSeconds()).toBe(60)
    expect(at(59)).toEqual([])
    expect(at(61)).toEqual(['phone repeat Close'])
    ids.push(...sent().map(({ id }) => id))
    expect(dueSeconds()).toBe(121)
    expect(at(200)).toEqual(['phone repeat Close'])
    ids.push(...sent().map(({ id }) => id))
    expect(new Set(ids).size).toBe(4)
    expect(at(201, ends('Close'))).toEqual(['phone resolved Close'])
  })

  test('stops where somebody has taken it on, or is silenced', () => {
    const { at, acknowledge } = createPipeline(settingsOf({ repeatSeconds }))
    at(0, fires('Close'))
    acknowledge('Close')
    expect(at(60)).toEqual(['-phone acknowledged Close'])
    expect(at(120)).toEqual([])
    expect(at(121, ends('Close'))).toEqual(['phone resolved Close'])
    expect(at(130, fires('Close', { activeAt: 130 }))).toEqual(['phone fired Close'])
  })

  test('stops while a worse alert stands for it', () => {
    const { at } = createPipeline(settingsOf({ repeatSeconds: { info: 0, warning: 60, critical: 0 } }))
    at(0, fires('Near', warning))
    at(1, fires('Close', { activeAt: 1 }))
    expect(at(60)).toEqual(['-phone inhibited Near'])
    expect(at(70, ends('Close', { activeAt: 1 }))).toEqual(['phone repeat Near', 'phone resolved Close'])
  })
})

describe('escalation', () => {
  const escalate = [
    { afterSeconds: 60, severity: 'critical', receivers: ['boss'] },
    { afterSeconds: 120, severity: 'warning', receivers: ['boss', 'all'] },
  ] as const
  const receivers = { phone: {}, boss: {}, all: {} }

  test('to more receivers, who then hear of the end too', () => {
    const { at, dueSeconds } = createPipeline(settingsOf({ escalate }, receivers))
    expect(at(0, fires('Close'))).toEqual(['phone fired Close'])
    expect(dueSeconds()).toBe(60)
    expect(at(60)).toEqual(['boss escalated Close'])
    expect(dueSeconds()).toBe(120)
    expect(at(120)).toEqual(['all escalated Close'])
    expect(dueSeconds()).toBeUndefined()
    expect(at(121, ends('Close'))).toEqual([
      'phone resolved Close',
      'boss resolved Close',
      'all resolved Close',
    ])
  })

  test('only of what is bad enough, and not where somebody has taken it on', () => {
    const { at, acknowledge } = createPipeline(settingsOf({ escalate }, receivers))
    at(0, fires('Close'), fires('Far', { ...warning, account: 'you' }))
    acknowledge('Close')
    expect(at(60)).toEqual(['-boss acknowledged Close'])
    expect(at(120)).toEqual(['-all acknowledged Close', 'boss escalated Far', 'all escalated Far'])
    expect(at(121, ends('Close'))).toEqual([
      'phone resolved Close',
      '-boss not-told Close',
      '-all not-told Close',
    ])
  })

  test('not of what nobody was told', () => {
    const { at, silences } = createPipeline(settingsOf({ escalate }, receivers))
    silences.push({ id: 's', match: { account: 'me' }, startsAt: 0, endsAt: 100, createdBy: '', comment: '' })
    expect(at(0, fires('Close'))).toEqual(['-phone silenced Close'])
    expect(at(99)).toEqual([])
    expect(at(100)).toEqual(['phone fired Close'])
    expect(at(160)).toEqual(['boss escalated Close'])
  })
})

describe('quiet hours', () => {
  const HOUR = 3_600
  const receivers = { phone: { quietHours: { from: '22:00', to: '07:00', timezone: 'UTC' } } }

  test('hold back what can wait, and tell it at their end where it still fires', () => {
    const { at, dueSeconds } = createPipeline(settingsOf({}, receivers))
    const far = { ...warning, account: 'you' }
    expect(
      at(23 * HOUR, fires('Near', warning), fires('Far', far), fires('Close', { account: 'he' })),
    ).toEqual(['phone fired Close', '-phone quiet-hours Far', '-phone quiet-hours Near'])
    expect(dueSeconds()).toBe(31 * HOUR)
    expect(at(25 * HOUR, ends('Far', far))).toEqual(['-phone not-told Far'])
    expect(at(31 * HOUR)).toEqual(['phone fired Near'])
  })

  test('hold back the end of what can wait, and tell it before what fires anew', () => {
    const { at } = createPipeline(settingsOf({}, receivers))
    at(21 * HOUR, fires('Near', warning))
    expect(at(22 * HOUR, ends('Near', warning))).toEqual(['-phone quiet-hours Near'])
    expect(at(23 * HOUR, fires('Near', { ...warning, activeAt: 5 }))).toEqual(['-phone quiet-hours Near'])
    expect(at(31 * HOUR)).toEqual(['phone resolved Near', 'phone fired Near'])
  })

  test('hold back repetition', () => {
    const repeatSeconds = { info: 0, warning: HOUR, critical: HOUR }
    const { at } = createPipeline(settingsOf({ repeatSeconds }, receivers))
    at(21.5 * HOUR, fires('Near', warning), fires('Close', { account: 'he' }))
    expect(at(23 * HOUR)).toEqual(['phone repeat Close', '-phone quiet-hours Near'])
    expect(at(31 * HOUR)).toEqual(['phone repeat Close', 'phone repeat Near'])
  })

  test('an event is told at their end though it is over', () => {
    const { at, episodes } = createPipeline(settingsOf({}, receivers))
    expect(at(23 * HOUR, fires('Liquidated', info))).toEqual(['-phone quiet-hours Liquidated'])
    expect(at(24 * HOUR, ends('Liquidated', info))).toEqual([])
    expect(at(31 * HOUR)).toEqual(['phone fired Liquidated'])
    expect(episodes().size).toBe(0)
  })
})

describe('groups', () => {
  const receivers = { phone: { isForPeople: true }, hook: {} }
  const many = (count: number, more: Partial<Told> = {}) =>
    Array.from({ length: count }, (_, index) =>
      fires('Close', { account: `a${index}`, receivers: ['phone', 'hook'], ...more }),
    )

  test('many alerts at a time are one message to people; programs get each', () => {
    const { at, last } = createPipeline(settingsOf({ groupMin: 2 }, receivers))
    expect(at(0, ...many(3)).length).toBe(6)
    const { notifications, decisions } = last()
    const [group, ...singles] = [...notifications].sort(({ kind: a }, { kind: b }) => (a > b ? -1 : 1))
    expect(group).toMatchObject({ kind: 'group', receiver: 'phone', alerts: { length: 3 } })
    expect(singles.map(({ kind, receiver }) => `${kind} ${receiver}`)).toEqual(Array(3).fill('alert hook'))
    const toPhone = decisions.filter(({ receiver }) => receiver === 'phone')
    expect(toPhone.map((one) => one.isSent && one.notificationId)).toEqual(Array(3).fill(group?.id))
  })

  test('few go alone, in the same order as their group', () => {
    const { at, sent, last } = createPipeline(settingsOf({ groupMin: 2 }, receivers))
    at(0, ...many(2))
    const [single] = sent().filter(({ receiver }) => receiver === 'phone')
    expect(sent().length).toBe(4)
    expect(
      sent()
        .filter(({ receiver }) => receiver === 'hook')
        .every(({ group }) => group === undefined),
    ).toBe(true)
    at(1, ...many(3, { activeAt: 1 }))
    const group = last().notifications.find(({ kind }) => kind === 'group')
    expect(single?.group).toBe(group?.fingerprint)
  })

  test('other severities are another group', () => {
    const { at, last } = createPipeline(settingsOf({ groupMin: 2 }, receivers))
    at(0, ...many(2), fires('Near', { ...warning, account: 'b' }))
    expect(last().notifications.every(({ kind }) => kind === 'alert')).toBe(true)
  })

  test('the first one waits for others where so configured; what is over by then is not told', () => {
    const { at, dueSeconds } = createPipeline(settingsOf({ groupWaitSeconds: 30 }, receivers))
    const receiversOf = { receivers: ['phone', 'hook'] }
    expect(at(0, fires('A', receiversOf))).toEqual(['-phone group-wait A', 'hook fired A'])
    expect(at(20, fires('B', { account: 'b' }))).toEqual(['-phone group-wait B'])
    expect(dueSeconds()).toBe(30)
    expect(at(25, ends('A'))).toEqual(['-phone not-told A', 'hook resolved A'])
    expect(at(30, fires('C', { account: 'c', activeAt: 30 }))).toEqual(['-phone group-wait C'])
    expect(at(50)).toEqual(['phone fired B', 'phone fired C'])
  })
})
