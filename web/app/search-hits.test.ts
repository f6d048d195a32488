import { describe, expect, it } from 'vitest';
import type { Camera } from '../../server/contracts/cameras.ts';
import type { Me } from '../../server/contracts/session.ts';
import type { Unit } from '../../server/contracts/units.ts';
import { mayOpen, screensOf } from './screens.ts';
import { findPlaces, looksLikeIncidentNumber } from './search-hits.ts';

const person = (role: Me['role'], abilities: Partial<Me['abilities']>): Me => ({
  id: 'u',
  username: 'u',
  name: 'U',
  role,
  unitId: null,
  csrfToken: 't',
  simulated: true,
  cityName: 'Hạ Long',
  abilities: {
    watch_live: 'none',
    play_back: 'none',
    control_ptz: 'none',
    flag_incident: 'none',
    verify_incident: 'none',
    explain_incident: 'none',
    conclude_incident: 'none',
    export_evidence: 'none',
    verify_evidence: 'none',
    lock_evidence: 'none',
    run_inspection: 'none',
    manage_system: 'none',
    read_audit: 'none',
    verify_audit: 'none',
    ...abilities,
  },
});
const leader = person('leader', { watch_live: 'city', play_back: 'city' });
const unitHead = person('unit_head', { watch_live: 'own_unit', play_back: 'sent_incidents' });
const admin = person('admin', { watch_live: 'health', manage_system: 'city', read_audit: 'city' });
const auditor = person('auditor', { read_audit: 'city', verify_audit: 'city' });

const unit = (id: string, name: string): Unit => ({
  id,
  name,
  kind: 'ward',
  desks: [],
  validFrom: null,
  validTo: null,
  successorId: null,
});
const camera = (id: string, unitId: string, name: string): Camera => ({
  id,
  name,
  unitId,
  deskIds: [],
  state: 'online',
  sinceMs: 0,
  streams: [],
  simulated: true,
  ptz: null,
});
const units = [unit('hong-gai', 'Phường Hồng Gai'), unit('hong-ha', 'Phường Hồng Hà')];
const cameras = [camera('c1', 'hong-gai', 'Quầy số 1'), camera('c2', 'hong-ha', 'Quầy số 2')];
const find = (query: string, who: Me) => findPlaces(query, who, units, cameras, (n) => `${n} camera`);

describe('the search of the top bar', () => {
  it('finds units without diacritics, and cameras by the name of their unit', () => {
    expect(find('hong gai', leader).map((hit) => [hit.kind, hit.id])).toEqual([
      ['units', 'hong-gai'],
      ['cameras', 'c1'],
    ]);
  });

  it('opens the wall for those who watch, with playback beside it where the role may', () => {
    expect(find('quay so 2', leader)[0]).toMatchObject({ to: '/wall?camera=c2', playback: '/playback?cameras=c2' });
    expect(find('quay so 2', unitHead)[0]).toMatchObject({ to: '/wall?camera=c2' });
    expect(find('quay so 2', unitHead)[0]?.playback).toBeUndefined();
  });

  it('opens the list of cameras for an administrator, who does not watch', () => {
    expect(find('quay so 2', admin)[0]).toMatchObject({ to: '/cameras?camera=c2' });
    expect(find('hong ha', admin)[0]).toMatchObject({ to: '/cameras?unit=hong-ha' });
  });

  it('finds nothing for nothing', () => {
    expect(find('  ', leader)).toEqual([]);
  });

  it.each(['VV-2026-0001', 'vv', 'vv 2026', '2026-0001', '0412'])('takes %j for a number of an incident', (query) => {
    expect(looksLikeIncidentNumber(query)).toBe(true);
  });
  it.each(['hong', 'quay 2', '2', ''])('does not take %j for one', (query) => {
    expect(looksLikeIncidentNumber(query)).toBe(false);
  });
});

describe('the rail shows the screens that a role may see', () => {
  const ids = (who: Me) => screensOf(who).map((screen) => screen.id);
  it.each([
    ['leader', leader, ['overview', 'wall', 'playback', 'incidents']],
    ['unit head', unitHead, ['wall', 'incidents']],
    ['admin', admin, ['cameras', 'system']],
    ['auditor', auditor, ['system']],
  ])('%s', (_, who, screens) => {
    expect(ids(who)).toEqual(screens);
  });

  it('sends an auditor straight to the log', () => {
    expect(screensOf(auditor)[0]?.to).toBe('/system/audit');
    expect(mayOpen('cameras', auditor)).toBe(false);
  });
});
