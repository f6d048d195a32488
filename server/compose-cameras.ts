import type { CameraDirectory } from './cameras/directory.ts';
import { pullPointListener } from './cameras/event-source.ts';
import { CameraEventWatch } from './cameras/events.ts';
import { Inspections, type InspectionsOptions } from './cameras/inspections.ts';
import type { NetworkPolicy } from './cameras/networks.ts';
import { CameraProfiles } from './cameras/profiles.ts';
import { PtzLearner } from './cameras/ptz-learner.ts';
import { CameraReboots } from './cameras/reboot.ts';
import type { CameraRegistry } from './cameras/registry.ts';
import { CameraSnapshots } from './cameras/snapshots.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/log.ts';
import type { Recorder } from './recorder/recorder.ts';
import { CameraEventStore } from './storage/camera-event.store.ts';
import type { CameraProfileStore } from './storage/camera-profile.store.ts';
import type { Database } from './storage/database.ts';

export interface CameraWorkParts {
  database: Database;
  registry: CameraRegistry;
  profileStore: CameraProfileStore;
  directory: CameraDirectory;
  recorder: Recorder;
  policy: NetworkPolicy;
  clock: Clock;
  log: Logger;
}

/** Hands the recorder what the registry knows of a camera; paused, its streams are stopped as planned. */
export interface Recording {
  put(cameraId: string, how: { paused: boolean }): Promise<void>;
}

/** What surrounds the registry of cameras: how they are looked at before they are added, what they share, what they tell. */
export function composeCameraWork(parts: CameraWorkParts) {
  const { database, registry, profileStore, directory, recorder, policy, clock, log } = parts;
  const measure: InspectionsOptions['measure'] = (source, forMs, signal) => recorder.measure(source, forMs, signal);
  const inspections = new Inspections({
    ...{ clock, log, policy, measure },
    registeredAt: (device) => directory.registeredAt(device),
    credentialsOf: (cameraId) => registry.login(cameraId),
  });
  const profiles = new CameraProfiles({ store: profileStore, registry, clock });
  const events = new CameraEventWatch({
    ...{ store: new CameraEventStore(database.kysely), clock, log },
    listen: pullPointListener(async (id, signal) => (await registry.device(id, signal))?.client ?? null, clock),
    wanted: (id) => {
      const camera = directory.get(id);
      return camera?.enabled === true && camera.events;
    },
    cameras: () => directory.list(),
  });
  const follow = ({ cameraId }: { cameraId: string }) =>
    void directory
      .settled()
      .then(() => events.follow(cameraId))
      .catch(() => {});
  const work: { recording: Recording | null } = { recording: null };
  const reboots = new CameraReboots({
    ...{ clock, log },
    deviceOf: async (id, signal) => (await registry.device(id, signal))?.client ?? null,
    pause: async (id) => work.recording?.put(id, { paused: true }),
    resume: async (id) => work.recording?.put(id, { paused: false }),
  });
  const snapshots = new CameraSnapshots((id, signal) => registry.device(id, signal));
  const learner = new PtzLearner({
    cameras: () => directory.list(),
    learn: (id, signal) => registry.learnPtz(id, signal),
    log,
  });
  return {
    ...{ inspections, profiles, events, reboots, snapshots },
    /** Once the directory is read. */
    start: async (recording: Recording) => {
      work.recording = recording;
      await events.start();
      learner.start();
      registry.on('camera.saved', follow);
      registry.on('camera.removed', follow);
      registry.on('camera.saved', ({ cameraId }) => snapshots.forget(cameraId));
    },
    stop: async () => {
      await Promise.all([inspections.stop(), reboots.stop(), learner.stop(), events.stop()]);
    },
  };
}
