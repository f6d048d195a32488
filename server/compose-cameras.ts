import type { CameraDirectory } from './cameras/directory.ts';
import { Inspections, type InspectionsOptions } from './cameras/inspections.ts';
import type { NetworkPolicy } from './cameras/networks.ts';
import { CameraProfiles } from './cameras/profiles.ts';
import type { CameraRegistry } from './cameras/registry.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { Recorder } from './recorder/recorder.ts';
import type { CameraProfileStore } from './storage/camera-profile.store.ts';

export interface CameraWorkParts {
  registry: CameraRegistry;
  profileStore: CameraProfileStore;
  directory: CameraDirectory;
  recorder: Recorder;
  policy: NetworkPolicy;
  clock: Clock;
  log: Logger;
}

/** What surrounds the registry of cameras: how they are looked at before they are taken in. */
export function composeCameraWork(parts: CameraWorkParts) {
  const { registry, profileStore, directory, recorder, policy, clock, log } = parts;
  const measure: InspectionsOptions['measure'] = (source, forMs, signal) => recorder.measure(source, forMs, signal);
  const inspections = new Inspections({
    ...{ clock, log, policy, measure },
    registeredAt: (device) => directory.registeredAt(device),
    credentialsOf: (cameraId) => registry.login(cameraId),
  });
  const profiles = new CameraProfiles({ store: profileStore, registry, clock });
  return { inspections, profiles, stop: () => inspections.stop() };
}
