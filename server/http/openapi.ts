import express, { type Router } from 'express';
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { errorBody } from '../contracts/common.ts';
import { messages } from './messages.ts';
import type { Route } from './route.ts';

/** Media is answered in front of the API; its addresses belong in the document all the same. */
const mediaAddresses: Record<string, string> = {
  '/media/{cameraId}/{stream}/live.m3u8':
    'LL-HLS playlist (RFC 8216bis); `_HLS_msn` and `_HLS_part` block until it is there',
  '/media/{cameraId}/{stream}/vod.m3u8':
    'Playlist of a recorded stretch, `from` and `to` in UTC epoch ms, at most 24 hours',
  '/media/{cameraId}/{stream}/clip.mp4':
    'MP4 file of a recorded stretch, `exact` to the `gop` or the `frame`; what is missing of it in `x-missing`',
  '/media/{cameraId}/{stream}/keyframe.mp4':
    'Init and the one fragment that starts at the last keyframe at or before `at`; its time in `x-media-time`',
  '/media/incidents/{id}/vod.m3u8': 'Playlist of an incident, for whoever may see the incident',
};

/** The whole API as OpenAPI 3.1, made from the routes themselves. */
export function openApiDocument(routes: readonly Route[]): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  for (const [path, summary] of Object.entries(mediaAddresses)) {
    paths[path] = { get: { summary, security: [{ session: [] }], responses: { 200: { description: 'Media' } } } };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Liên Thông',
      version: '1',
      description:
        'Changing requests carry the header `x-csrf-token` with the token of `GET /api/me`. Times are UTC epoch ms. The header `now` of an answer is the time of the server.',
    },
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-lienthong' } },
      schemas: {
        Error: errorBody.meta({ description: 'The code is stable; the message is in the caller’s language.' }),
        ErrorCode: z.enum(Object.keys(messages)),
      },
    },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const good = route.status ?? 200;
  const refusals = [...(route.errors ?? []), ...(route.guard.kind === 'public' ? [] : ['signed_out'])];
  const content =
    route.answer !== undefined
      ? { content: { 'application/json': { schema: route.answer } } }
      : route.produces !== undefined
        ? { content: { [route.produces]: {} } }
        : {};
  return {
    summary: route.summary,
    ...(route.guard.kind === 'ability' ? { description: `Needs one of: ${route.guard.abilities.join(', ')}.` } : {}),
    security: route.guard.kind === 'public' ? [] : [{ session: [] }],
    requestParams: {
      ...(route.params instanceof z.ZodObject ? { path: route.params } : {}),
      ...(route.query instanceof z.ZodObject ? { query: route.query } : {}),
    },
    ...(route.body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: route.body } } } }),
    responses: {
      [good]: { description: 'Done', ...content },
      default: {
        description: refusals.length > 0 ? `Refused: ${refusals.join(', ')}` : 'Refused',
        content: { 'application/json': { schema: errorBody } },
      },
    },
  };
}

/** The document at its address. */
export function openApiRouter(routes: readonly Route[]): Router {
  const document = openApiDocument(routes);
  return express.Router().get('/api/openapi.json', (_req, res) => {
    res.json(document);
  });
}
