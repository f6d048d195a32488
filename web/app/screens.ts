import type { Icon } from '@tabler/icons-react';
import IconClipboardList from '@tabler/icons-react/icons/IconClipboardList';
import IconDeviceCctv from '@tabler/icons-react/icons/IconDeviceCctv';
import IconHistory from '@tabler/icons-react/icons/IconHistory';
import IconLayoutDashboard from '@tabler/icons-react/icons/IconLayoutDashboard';
import IconLayoutGrid from '@tabler/icons-react/icons/IconLayoutGrid';
import IconSettings from '@tabler/icons-react/icons/IconSettings';
import type { Me } from '../../server/contracts/session.ts';
import { can } from '../api/session.ts';
import { paths } from './paths.ts';

export type ScreenId = 'overview' | 'wall' | 'playback' | 'incidents' | 'cameras' | 'system';

export interface Screen {
  id: ScreenId;
  to: string;
  /** The part of the address under which the screen lies. */
  under: string;
  icon: Icon;
}

const mayPlayBack = (person: Me) => person.abilities.play_back === 'city';
const mayManage = (person: Me) => can(person, 'manage_system');
const mayReadAudit = (person: Me) => can(person, 'read_audit');

/** Who may open a screen. The server decides again for everything that a screen asks for. */
export function mayOpen(screen: ScreenId, person: Me): boolean {
  switch (screen) {
    case 'overview':
      return mayPlayBack(person);
    case 'wall':
      return can(person, 'watch_live');
    case 'playback':
      return mayPlayBack(person);
    case 'incidents':
      return can(person, 'watch_live');
    case 'cameras':
      return mayManage(person);
    case 'system':
      return mayManage(person) || mayReadAudit(person);
  }
}

/** The screens of the rail in their order, for one person. */
export function screensOf(person: Me): Screen[] {
  const all: Screen[] = [
    { id: 'overview', to: paths.overview, under: '/overview', icon: IconLayoutDashboard },
    { id: 'wall', to: paths.wall(), under: '/wall', icon: IconLayoutGrid },
    { id: 'playback', to: paths.playback(), under: '/playback', icon: IconHistory },
    { id: 'incidents', to: paths.incidents(), under: '/incidents', icon: IconClipboardList },
    { id: 'cameras', to: paths.cameras(), under: '/cameras', icon: IconDeviceCctv },
    { id: 'system', to: mayManage(person) ? paths.users : paths.audit, under: '/system', icon: IconSettings },
  ];
  return all.filter((screen) => mayOpen(screen.id, person));
}
