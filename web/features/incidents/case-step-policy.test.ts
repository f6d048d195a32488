import { describe, expect, it } from 'vitest';
import type { IncidentState, IncidentStep, StepVerdict } from '../../../server/contracts/incidents.ts';
import { actionsOf, isConfirmed, missingOf, stepInput } from './case-step-policy.ts';
import { emptyDraft } from './draft.ts';

/** Verdicts as the server gives them: `step` allowed, `step!code` refused. */
const verdicts = (...written: string[]): StepVerdict[] =>
  written.map((one) => {
    const [step, refusal = null] = one.split('!');
    return { step: step as IncidentStep, allowed: refusal === null, refusal, untilMs: null };
  });

describe('what I may do', () => {
  it.each([
    [
      'flagged',
      ['verify', 'dismiss', 'mark_duplicate', 'correct'],
      'verify',
      'verify',
      'mark_duplicate dismiss',
      'correct',
    ],
    ['flagged', ['verify!not_permitted', 'assign!not_permitted'], 'verify', null, '', ''],
    [
      'verifying',
      ['request_explanation', 'dismiss', 'assign'],
      'request_explanation',
      'request_explanation',
      'dismiss',
      'assign',
    ],
    ['explanation_requested', ['explain', 'proceed!not_permitted'], 'explain', 'explain', '', ''],
    [
      'explanation_requested',
      ['explain!not_permitted', 'proceed!term_not_over', 'dismiss'],
      'proceed',
      null,
      'dismiss',
      '',
    ],
    ['explanation_requested', ['explain!not_permitted', 'proceed'], 'proceed', 'proceed', '', ''],
    ['awaiting_conclusion', ['conclude', 'refer', 'dismiss'], 'conclude', 'conclude', 'refer dismiss', ''],
    [
      'awaiting_conclusion',
      ['conclude!flagger_cannot_conclude', 'refer!flagger_cannot_conclude'],
      'conclude',
      null,
      '',
      '',
    ],
    ['concluded', ['appeal', 'close!not_permitted'], 'appeal', 'appeal', '', ''],
    ['concluded', ['appeal!not_permitted', 'close!term_not_over'], 'close', null, '', ''],
    ['appealed', ['judge_appeal!appeal_needs_someone_new', 'assign'], 'judge_appeal', null, '', 'assign'],
    ['closed', ['close!step_out_of_order'], null, null, '', ''],
    ['no_violation', ['verify!step_out_of_order'], null, null, '', ''],
  ] as const)('%s with %j', (state, written, next, primary, others, tools) => {
    const found = actionsOf({ state, steps: verdicts(...written) });
    expect([found.next, found.primary, found.others.join(' '), found.tools.join(' ')]).toEqual([
      next,
      primary,
      others,
      tools,
    ]);
    expect(found.refusal?.step ?? null).toBe(primary === null ? next : null);
  });

  it('offers nothing that the server did not allow, in any state', () => {
    const states: IncidentState[] = [
      'flagged',
      'verifying',
      'explanation_requested',
      'awaiting_conclusion',
      'concluded',
    ];
    for (const state of states) {
      const { primary, others, tools } = actionsOf({ state, steps: [] });
      expect([primary, ...others, ...tools]).toEqual([null]);
    }
  });
});

describe('a step', () => {
  const known = { id: 'i', note: 'Quầy trống', category: 'TN01', severity: 2 as const };
  const draft = (part: Partial<ReturnType<typeof emptyDraft>>) => ({ ...emptyDraft(), ...part });
  const missing = (step: IncidentStep, part = {}) => [...missingOf(step, draft(part), known)];

  it('needs its words, but not to begin verifying, to close or to assign', () => {
    for (const step of ['verify', 'close', 'assign'] as const) expect(missing(step)).toEqual([]);
    for (const step of ['explain', 'proceed', 'dismiss', 'refer', 'appeal', 'request_explanation'] as const)
      expect(missing(step, { reason: ' ' })).toEqual(['reason']);
  });

  it('needs what it decides', () => {
    const reason = 'Vì';
    expect(missing('conclude', { reason })).toEqual(['conclusion']);
    expect(missing('mark_duplicate', { reason })).toEqual(['duplicateOf']);
    expect(missing('judge_appeal', { reason })).toEqual(['outcome']);
    expect(missing('judge_appeal', { reason, outcome: 'changed' })).toEqual(['conclusion']);
    expect(missing('judge_appeal', { reason, outcome: 'revoked' })).toEqual([]);
    expect(missing('correct', { reason, category: 'TN01', severity: 2 })).toEqual(['change']);
    expect(missing('correct', { reason, severity: 3 })).toEqual([]);
    expect(missing('request_explanation', { reason, finding: '' })).toEqual(['finding']);
  });

  it('sends the finding as it is written, the note of the flag where it is not', () => {
    const input = (part: object) => stepInput('request_explanation', draft({ reason: ' Vì sao? ', ...part }), known, 3);
    expect(input({})).toEqual({
      id: 'i',
      version: 3,
      step: 'request_explanation',
      reason: 'Vì sao?',
      finding: 'Quầy trống',
    });
    expect(input({ finding: 'Ba người chờ' })).toMatchObject({ finding: 'Ba người chờ' });
  });

  it('sends of a correction only what changes, of an answer its files and stretches', () => {
    expect(stepInput('correct', draft({ reason: 'Nhầm', category: 'VT01', severity: 2 }), known, 1)).toEqual({
      id: 'i',
      version: 1,
      step: 'correct',
      reason: 'Nhầm',
      category: 'VT01',
    });
    const files = [{ id: 'f', name: 'a.pdf', type: 'application/pdf', sizeBytes: 1, sha256: '' }];
    const stretches = [{ cameraId: 'c', cameraName: 'Quầy 1', fromMs: 1, toMs: 2 }];
    expect(stepInput('explain', draft({ reason: 'Do họp', files, stretches }), known, 1)).toEqual({
      id: 'i',
      version: 1,
      step: 'explain',
      reason: 'Do họp',
      attachments: ['f'],
      stretches: [{ cameraId: 'c', fromMs: 1, toMs: 2 }],
    });
  });

  it('is not sent while something is missing', () => {
    expect(stepInput('conclude', draft({ reason: 'Vì' }), known, 1)).toBeNull();
  });

  it('shows its consequences first where it is sent to somebody or ends the case by a conclusion, and asks twice nowhere else', () => {
    const all = [
      'verify',
      'request_explanation',
      'explain',
      'proceed',
      'conclude',
      'dismiss',
      'refer',
      'mark_duplicate',
      'correct',
      'assign',
      'appeal',
      'judge_appeal',
      'close',
    ] as const;
    expect(all.filter(isConfirmed)).toEqual([
      'request_explanation',
      'explain',
      'conclude',
      'refer',
      'appeal',
      'judge_appeal',
      'close',
    ]);
  });
});
