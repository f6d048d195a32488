import { z } from 'zod';
import { type Demo, newDemo } from '../../scripts/commands/demo/demo-file.ts';
import { startFleetProcess } from '../../scripts/commands/demo/fleet-process.ts';
import { addAccounts, enterAsAdministrator, isRecording } from '../../scripts/commands/demo/prepare-city.ts';
import { until } from '../../scripts/commands/until.ts';
import { camera, cameraList } from '../../server/contracts/cameras.ts';
import { startProductProcess } from './product-process.ts';

const desks = [
  { unit: 'trung-tam', desk: 1 },
  { unit: 'trung-tam', desk: 2 },
  { unit: 'hong-ha', desk: 1 },
  { unit: 'hong-ha', desk: 2 },
  { unit: 'bai-chay', desk: 1 },
] as const;

/** What a test file is told of the city that runs beside it. */
export interface SmallCity {
  url: string;
  dataDir: string;
  accounts: Demo['accounts'];
  cameras: { id: string; unit: string }[];
  /** The simulated head that turns, for whoever asks the camera itself. */
  head: { onvif: string; username: string; password: string };
}

declare module 'vitest' {
  interface ProvidedContext {
    city: SmallCity;
  }
}

/** A real server with five simulated cameras that are recorded, and one account per role. */
export async function startSmallCity(): Promise<{ city: SmallCity; stop: () => Promise<void> }> {
  const demo = newDemo();
  const { username, password, mark } = demo.fleet;
  const product = await startProductProcess();
  try {
    const cameras = desks.map(({ unit, desk }) => ({
      id: `${unit}-${desk}-${mark}`,
      name: `Quầy số ${desk}`,
      desk: `Quầy số ${desk}`,
      unitId: unit,
      username,
      password,
      // One of them turns.
      ...(unit === 'bai-chay' && { ptz: { ignoresTimeout: true } }),
    }));
    // Cameras are added by their addresses: another fleet on this machine cannot get in the way.
    const fleet = await startFleetProcess({ cameras, discovery: false, loopFrames: 100 }, () => {});
    const stop = async () => {
      await Promise.all([product.stop(), fleet.stop()]);
    };
    try {
      const admin = product.client;
      await enterAsAdministrator(admin, demo, product.setupToken);
      await addAccounts(admin, demo);
      const added = await Promise.all(
        desks.map(({ unit, desk }, index) => {
          const onvif = fleet.cameras[index]?.onvif;
          const body = { name: `Quầy số ${desk}`, unitId: unit, deskIds: [`${unit}-quay-${desk}`], username, password };
          return admin.call(camera, 'POST', '/api/cameras', { body: { ...body, onvif } });
        }),
      );
      const recording = async () => {
        const { items } = await admin.call(cameraList, 'GET', '/api/cameras');
        return items.length === desks.length && items.every(isRecording) ? true : null;
      };
      await until('every camera to be recorded', recording, { timeoutMs: 60_000 });
      await admin.call(z.unknown(), 'DELETE', '/api/session');
      admin.close();
      const { url, dataDir } = product;
      const ids = added.map(({ id, unitId }) => ({ id, unit: unitId }));
      const head = { onvif: fleet.cameras.at(-1)?.onvif ?? '', username, password };
      return { city: { url, dataDir, accounts: demo.accounts, cameras: ids, head }, stop };
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  } catch (error) {
    await product.stop();
    throw error;
  }
}
