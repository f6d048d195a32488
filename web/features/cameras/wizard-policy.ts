import type { Advice, AdviceCode, Inspection } from '../../../server/contracts/camera-onboarding.ts';
import { type Found, isPlaced, viewOf } from './discovery-policy.ts';
import type { DiscoverySession } from './discovery-session.ts';

/** How far one device has come on its way to become a camera. */
export type Stage =
  | 'probing'
  | 'attention'
  | 'uninspected'
  | 'inspecting'
  | 'inspection_failed'
  | 'advised'
  | 'unplaced'
  | 'complete'
  | 'added';

type Known = Pick<DiscoverySession, 'placements' | 'notInspected'>;

/** The first thing that stands in the way of a device. Advice that its fix cannot follow does not stand in the way. */
export function stageOf({ device }: Found, inspection: Inspection | undefined, session: Known): Stage {
  const view = viewOf(device);
  if (view === 'present') return 'added';
  if (view !== 'ready') return view;
  if (inspection === undefined) return session.notInspected.has(device.key) ? 'inspection_failed' : 'uninspected';
  if (inspection.state === 'running') return 'inspecting';
  if (inspection.state === 'failed') return 'inspection_failed';
  if (fixable(inspection).length > 0) return 'advised';
  return isPlaced(session.placements.get(device.key)) ? 'complete' : 'unplaced';
}

/** What the device itself can be asked to mend. */
export function fixable(inspection: Inspection): Advice[] {
  return inspection.state === 'done' ? inspection.advice.filter((one) => one.fix !== null) : [];
}

export type Step = 'find' | 'inspect' | 'advise' | 'place' | 'save';
export const STEPS: readonly Step[] = ['find', 'inspect', 'advise', 'place', 'save'];

/** The step that most of the work stands at: the first one that some device has still to take. `left` is for how many. */
export function stepOf(stages: readonly Stage[]): { step: Step; left: number } {
  const count = (...wanted: Stage[]) => stages.filter((stage) => wanted.includes(stage)).length;
  const steps: [Step, number][] = [
    ['find', count('probing')],
    ['inspect', count('uninspected', 'inspecting', 'inspection_failed')],
    ['advise', count('advised')],
    ['place', count('unplaced')],
    ['save', count('complete')],
  ];
  const [step, left] = steps.find(([, devices]) => devices > 0) ?? [
    stages.includes('added') ? ('save' as const) : ('find' as const),
    0,
  ];
  return { step, left };
}

const MOST_AT_ONCE = 32;

/** Devices in pieces that one question may name, those with the same credentials together. */
export function batchesOf(chosen: readonly Found[]): Found[][] {
  const byRun = Map.groupBy(chosen, ({ runId }) => runId);
  return [...byRun.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / MOST_AT_ONCE) }, (_, at) =>
      group.slice(at * MOST_AT_ONCE, (at + 1) * MOST_AT_ONCE),
    ),
  );
}

/** What the devices could be asked to mend, with how many each piece of advice is about, the most common first. */
export function fixesOf(inspections: readonly Inspection[]): { code: AdviceCode; devices: Inspection[] }[] {
  const devices = new Map<AdviceCode, Inspection[]>();
  for (const inspection of inspections) {
    for (const { code } of fixable(inspection)) devices.set(code, [...(devices.get(code) ?? []), inspection]);
  }
  return [...devices]
    .map(([code, of]) => ({ code, devices: of }))
    .toSorted((a, b) => b.devices.length - a.devices.length);
}
