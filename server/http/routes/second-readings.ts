import { z } from 'zod';
import { id } from '../../contracts/common.ts';
import {
  blindCase,
  secondJudgement,
  secondJudgementRequest,
  secondReadingList,
} from '../../contracts/second-readings.ts';
import { guard } from '../guard.ts';
import { defineRoute, json, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** Which cases a person may read again is decided by the service. */
export function secondReadingRoutes({
  secondReadings,
  attachments,
}: Pick<Services, 'secondReadings' | 'attachments'>): Route[] {
  const params = z.object({ id });
  const conclude = guard.ability('conclude_incident');
  return [
    defineRoute({
      method: 'get',
      path: '/api/second-readings',
      summary: 'Decided cases that the reader may read blind, and those that the reader has judged',
      guard: conclude,
      answer: secondReadingList,
      errors: ['not_permitted'],
      handle: async ({ session }) => json(await secondReadings.list(session.actor)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/second-readings/:id',
      summary: 'The blind case, which is the reader’s from now on for two days',
      guard: conclude,
      params,
      answer: blindCase,
      errors: ['reading_unknown', 'reading_not_blind', 'not_permitted'],
      handle: async ({ params, session }) => json(await secondReadings.begin(session.actor, params.id)),
    }),
    defineRoute({
      method: 'get',
      path: '/api/second-readings/:id/attachments/:attachmentId',
      summary: 'A file of the unit’s explanation as a download, for the reader of the blind case',
      guard: conclude,
      params: params.extend({ attachmentId: id }),
      produces: 'application/octet-stream',
      errors: ['reading_unknown', 'reading_not_blind', 'reading_not_begun', 'attachment_unknown', 'not_permitted'],
      handle: async ({ params, session }) => {
        const incidentId = await secondReadings.caseOfAttachment(session.actor, params.id, params.attachmentId);
        return { status: 200, download: await attachments.open(session.actor, incidentId, params.attachmentId) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/second-readings/:id',
      summary: 'Judge the blind case; it changes nothing in the case itself',
      guard: conclude,
      params,
      body: secondJudgementRequest,
      answer: secondJudgement,
      errors: ['reading_unknown', 'reading_not_blind', 'reading_not_begun', 'category_unknown', 'not_permitted'],
      handle: async ({ params, body, session, caller }) =>
        json(await secondReadings.judge(session.actor, params.id, body, caller.address)),
    }),
  ];
}
