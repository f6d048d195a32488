import type { Http2ServerRequest } from 'node:http2';
import type { Camera } from '../../server/contracts/cameras.ts';
import type { Incident } from '../../server/contracts/incidents.ts';
import type { Role } from '../../server/contracts/roles.ts';

const DAY = 86_400_000;
const ZONE = 7 * 3_600_000;

export type Answer = { status: number; json?: unknown; still?: true };

/** Contract-shaped answers of a small city: five units, ten cameras of which the last is down, five open incidents, two gaps. */
export function consoleAnswers(role: Role) {
  const bootMs = Date.now();
  const dayStart = Math.floor((bootMs + ZONE) / DAY) * DAY - ZONE;

  const units = [
    'Trung tâm Hành chính công',
    'Phường Hồng Gai',
    'Phường Hồng Hà',
    'Phường Hồng Hải',
    'Xã Kỳ Thượng',
  ].map((name, i) => ({
    id: `unit-${i}`,
    name,
    kind: i === 0 ? 'centre' : i === 4 ? 'commune' : 'ward',
    validFrom: null,
    validTo: null,
    successorId: null,
    desks: [1, 2, 3, 4].map((n) => ({ id: `desk-${i}-${n}`, name: `Quầy số ${n}` })),
  }));
  const offline = new Set(['cam-9']);
  const cameras = (): Camera[] =>
    Array.from({ length: 10 }, (_, i) => {
      const unit = [0, 0, 0, 0, 1, 1, 2, 2, 3, 4][i] ?? 0;
      const id = `cam-${i}`;
      const down = offline.has(id);
      const stream = (name: 'main' | 'sub') => ({
        name,
        codec: 'h264' as const,
        width: name === 'main' ? 1280 : 640,
        height: name === 'main' ? 720 : 360,
        fps: 25,
        state: down ? ('offline' as const) : ('recording' as const),
        sinceMs: bootMs - 3_600_000,
        cause: down ? 'timeout' : null,
        codecString: 'avc1.64001f',
      });
      return {
        id,
        name: `Quầy số ${(i % 4) + 1}`,
        unitId: `unit-${unit}`,
        deskIds: [`desk-${unit}-${(i % 4) + 1}`],
        state: down ? 'offline' : 'online',
        sinceMs: bootMs - 3_600_000,
        simulated: true,
        ptz: null,
        streams: [stream('main'), stream('sub')],
      };
    });
  const categories =
    JSON.parse(`[["VT01","Vắng mặt không lý do","Absent without reason",2],["VT02","Đi muộn, về sớm","Late, or left early",1],
["VT03","Làm việc riêng trong giờ","Private business in hours",1],["TP01","Không đeo thẻ","No name badge",1],["TP02","Trang phục không gọn gàng, lịch sự","Untidy dress",1],
["TD01","Thái độ thiếu chuẩn mực","Poor attitude",2],["TD02","Nhũng nhiễu, gây phiền hà","Harassing citizens",3],["TD03","Hút thuốc, uống rượu bia","Smoking, alcohol",3],
["CS01","Mất vệ sinh, lộn xộn","Poor hygiene or order",1],["TN01","Để dân chờ, quầy trống","Desk unattended, citizens waiting",2],["KT01","Che, lệch, ngắt camera","Camera covered, turned or cut off",3]]`) as [
      string,
      string,
      string,
      1 | 2 | 3,
    ][];

  const incidents: Incident[] = [];
  function addIncident(cameraId: string, category: string, atMs: number, more: Partial<Incident> = {}): Incident {
    const camera = cameras().find((c) => c.id === cameraId)!;
    const n = incidents.length + 1;
    const made: Incident = {
      id: `inc-${n}`,
      number: `VV-2026-${String(n).padStart(4, '0')}`,
      version: 1,
      state: n % 3 === 0 ? 'verifying' : 'flagged',
      category,
      severity: categories.find(([code]) => code === category)?.[3] ?? 1,
      cameraId,
      cameraName: camera.name,
      unitId: camera.unitId,
      unitName: units.find((u) => u.id === camera.unitId)!.name,
      atMs,
      fromMs: atMs - 30_000,
      toMs: atMs + 30_000,
      note: '',
      flaggedBy: null,
      createdAtMs: atMs,
      updatedAtMs: atMs,
      dueAtMs: atMs + 2 * DAY,
      workingDaysLeft: 2,
      due: 'ok',
      escalatedAtMs: null,
      finding: null,
      question: null,
      sentAtMs: null,
      closedAtMs: null,
      assignee: null,
      duplicateOf: null,
      conclusion: null,
      still: `/api/incidents/inc-${n}/still.jpg`,
      history: [],
      steps: [],
      draft: null,
      heldUntilMs: null,
      footage: { recorded: [], gaps: [], complete: true, pending: false },
      ...more,
    };
    incidents.unshift(made);
    return made;
  }
  [
    ['cam-4', 'KT01'],
    ['cam-6', 'TN01'],
    ['cam-1', 'TP02'],
    ['cam-0', 'VT03'],
    ['cam-0', 'TN01'],
  ].forEach(([camera, code], i) => {
    addIncident(camera!, code!, bootMs - (5 - i) * 1_500_000);
  });

  // In the first hours of a day the night's gap is the one of the day before: gaps follow each other.
  const nightMs = (bootMs - dayStart > 4 * 3_600_000 ? dayStart : dayStart - DAY) + 2 * 3_600_000;
  const gapsOf = (now: number) => [
    { from: nightMs, to: nightMs + 1_260_000, reason: 'camera_offline' as const },
    { from: now - 40 * 60_000, to: now - 37 * 60_000, reason: 'network' as const },
  ];
  function recordedUntil(now: number): [number, number][] {
    const edges = [dayStart - DAY, ...gapsOf(bootMs).flatMap((g) => [g.from, g.to]), now - 3_000];
    return Array.from({ length: edges.length / 2 }, (_, i) => [edges[2 * i]!, edges[2 * i + 1]!]);
  }
  let failing = false;

  async function body(request: Http2ServerRequest): Promise<Record<string, unknown>> {
    let text = '';
    for await (const part of request) text += String(part);
    return JSON.parse(text || '{}') as Record<string, unknown>;
  }

  async function api(request: Http2ServerRequest, url: URL): Promise<{ status: number; json?: unknown; still?: true }> {
    const { pathname, searchParams } = url;
    const reach = (yes: boolean, how = 'city') => (yes ? how : 'none');
    const city = ['leader', 'home_affairs', 'inspector'].includes(role);
    if (pathname === '/api/me') {
      const abilities = Object.fromEntries(
        [
          'watch_live',
          'play_back',
          'control_ptz',
          'flag_incident',
          'verify_incident',
          'explain_incident',
          'conclude_incident',
          'export_evidence',
          'verify_evidence',
          'lock_evidence',
          'run_inspection',
          'manage_system',
          'read_audit',
          'verify_audit',
        ].map((a) => [a, reach(city || (role === 'unit_head' && a === 'watch_live'))]),
      );
      return {
        status: 200,
        json: {
          id: 'user-1',
          username: 'noivu',
          name: 'Phòng Nội vụ',
          role,
          unitId: null,
          abilities,
          csrfToken: 'x',
          simulated: true,
          cityName: 'Thành phố Hạ Long',
        },
      };
    }
    if (failing) return { status: 503, json: { error: { code: 'unavailable', message: 'down' } } };
    if (pathname === '/api/cameras') return { status: 200, json: { items: cameras() } };
    if (pathname === '/api/camera-health') return { status: 200, json: { items: [] } };
    if (pathname === '/api/camera-proposals') return { status: 200, json: { items: [], next: null } };
    if (pathname === '/api/views') return { status: 200, json: { items: [], mayShare: true } };
    if (pathname === '/api/notices') return { status: 200, json: { items: [], next: null, unread: 0 } };
    if (pathname === '/api/units') return { status: 200, json: { items: units } };
    if (pathname === '/api/categories')
      return {
        status: 200,
        json: { items: categories.map(([code, vi, en, severity]) => ({ code, vi, en, severity })) },
      };
    if (pathname.endsWith('/working-hours')) {
      const days = [-1, 0, 1].map((d) => dayStart + d * DAY);
      const hours = days.flatMap((d) => [
        { fromMs: d + 27_000_000, toMs: d + 43_200_000 },
        { fromMs: d + 46_800_000, toMs: d + 59_400_000 },
      ]);
      return { status: 200, json: { unitId: pathname.split('/')[3], hours, now: Date.now() } };
    }
    if (pathname.endsWith('/timeline')) {
      const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
      const recorded = recordedUntil(Date.now())
        .map(([a, b]) => [Math.max(a, from), Math.min(b, to)])
        .filter(([a, b]) => b! > a!);
      const gaps = gapsOf(bootMs).filter((g) => g.to > from && g.from < to);
      const mine = incidents
        .filter((i) => i.cameraId === pathname.split('/')[3] && i.toMs > from && i.fromMs < to)
        .map(({ id, fromMs, toMs, atMs, severity, category }) => ({ id, fromMs, toMs, atMs, severity, category }));
      return { status: 200, json: { stream: searchParams.get('stream') ?? 'main', recorded, gaps, incidents: mine } };
    }
    if (pathname.endsWith('.jpg')) return { status: 200, still: true };
    if (pathname === '/api/incidents' && request.method === 'POST') {
      const b = await body(request);
      return {
        status: 201,
        json: addIncident(String(b.cameraId), String(b.category), Number(b.atMs), {
          fromMs: Number(b.fromMs),
          toMs: Number(b.toMs),
          note: String(b.note ?? ''),
        }),
      };
    }
    if (pathname === '/api/incidents') {
      const camera = searchParams.get('camera');
      const items = incidents
        .filter((i) => !camera || camera.split(',').includes(i.cameraId))
        .map(({ history, steps, footage, ...summary }) => summary);
      return {
        status: 200,
        json: { items, next: null, counts: { open: items.length, overdue: 0, concluded: 0, all: items.length } },
      };
    }
    if (pathname === '/api/incidents/repeats') {
      const fromMs = Number(searchParams.get('at')) - 90 * DAY;
      return { status: 200, json: { days: 90, fromMs, total: 0, violations: 0, items: [] } };
    }
    const one = incidents.find((i) => pathname === `/api/incidents/${i.id}`);
    if (one) return { status: 200, json: one };
    return { status: 404, json: { error: { code: 'not_found', message: 'not found' } } };
  }

  return {
    /** The moment of the first fragment that the media may have. */
    originMs: dayStart - 2 * DAY,
    bootMs,
    gaps: gapsOf(bootMs),
    api,
    cameras,
    units,
    offline,
    incidents,
    recorded: () => recordedUntil(Date.now()),
    /** Everything but who is signed in is answered with 503. */
    setFailing: (on: boolean) => {
      failing = on;
    },
  };
}

export type ConsoleAnswers = ReturnType<typeof consoleAnswers>;
