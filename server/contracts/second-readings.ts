import { z } from 'zod';
import { epochMs, id, severity, text } from './common.ts';
import { answerStretch, attachment, conclusion } from './incidents.ts';

/**
 * A share of decided cases goes to a second person, who reads them blind: the clip and the words exchanged with the unit; neither people nor
 * decision nor comments. The judgement changes nothing in the case: it tells how far two readers agree.
 */
export const secondReadingSummary = z.object({
  id,
  drawnAtMs: epochMs,
  /** Begun by the reader, who alone may judge it. */
  begun: z.boolean(),
  judgedAtMs: epochMs.nullable(),
  /** Of judged ones: whether both readers found the same. */
  agreed: z.boolean().nullable(),
  /** Of judged ones, the case. */
  incidentId: id.nullable(),
  number: z.string().nullable(),
});
export type SecondReadingSummary = z.infer<typeof secondReadingSummary>;

export const secondReadingList = z.object({
  /** Still to be read by the person, begun ones first, then the oldest; at most 50. */
  open: z.array(secondReadingSummary),
  /** What the person has judged, latest first; at most 50. */
  done: z.array(secondReadingSummary),
});
export type SecondReadingList = z.infer<typeof secondReadingList>;

/** The case as the second reader finds it. */
export const blindCase = z.object({
  id,
  drawnAtMs: epochMs,
  cameraId: id,
  cameraName: z.string(),
  unitName: z.string(),
  atMs: epochMs,
  fromMs: epochMs,
  toMs: epochMs,
  finding: z.string(),
  question: z.string(),
  explanations: z.array(
    z.object({
      atMs: epochMs,
      text: z.string(),
      /** Footage that the unit points to. */
      stretches: z.array(answerStretch),
      /** Files at `GET /api/second-readings/:id/attachments/:attachmentId`, for the reader of the case alone. */
      attachments: z.array(attachment),
    }),
  ),
});
export type BlindCase = z.infer<typeof blindCase>;

export const secondJudgementRequest = z
  .object({
    violation: z.boolean(),
    /** Of a violation: what it is, how grave, and what should follow. */
    category: z.string().regex(/^[A-Z]{2}\d{2}$/),
    severity,
    conclusion: conclusion.nullable(),
    reason: text(4000).pipe(z.string().min(1)),
  })
  .refine((judgement) => judgement.violation === (judgement.conclusion !== null), {
    message: 'a violation has a conclusion, and nothing else has',
    path: ['conclusion'],
  });
export type SecondJudgementRequest = z.infer<typeof secondJudgementRequest>;

const reading = z.object({
  violation: z.boolean(),
  category: z.string(),
  severity,
  conclusion: conclusion.nullable(),
});

/** Both judgements side by side, told once the second one is given. */
export const secondJudgement = z.object({
  id,
  incidentId: id,
  number: z.string(),
  agreed: z.boolean(),
  first: reading,
  second: reading,
});
export type SecondJudgement = z.infer<typeof secondJudgement>;
