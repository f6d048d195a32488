import IconArrowsMove from '@tabler/icons-react/icons/IconArrowsMove';
import IconMinus from '@tabler/icons-react/icons/IconMinus';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconX from '@tabler/icons-react/icons/IconX';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PtzCommand } from '../../../server/contracts/ptz.ts';
import { sendPtz, usePtzState } from '../../api/queries.ts';
import { useErrorText } from '../../components/error-text.ts';
import classes from './ptz-control.module.css';
import { PtzDriver, type Velocity, velocityAt } from './ptz-driver.ts';

type Props = { cameraId: string; cameraName: string; onLeave: () => void };

const WHEEL_HOLD_MS = 250;
const keysOf: Record<string, Partial<Velocity>> = {
  ArrowLeft: { pan: -1 },
  ArrowRight: { pan: 1 },
  ArrowUp: { tilt: 1 },
  ArrowDown: { tilt: -1 },
  '+': { zoom: 1 },
  '=': { zoom: 1 },
  '-': { zoom: -1 },
};

/** Over the picture of a camera that is steered: drag on the picture, arrows, wheel for the zoom, presets. Letting go stops it. */
export default function PtzControl({ cameraId, cameraName, onLeave }: Props) {
  const { t } = useTranslation('wall');
  const words = useErrorText();
  const state = usePtzState(cameraId);
  const surface = useRef<HTMLDivElement>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [name, setName] = useState('');
  const [driver, setDriver] = useState<PtzDriver | null>(null);
  const held = useRef(new Set<string>());
  const wheel = useRef<ReturnType<typeof setTimeout>>(undefined);
  const abilities = state.data?.abilities ?? null;
  const other = state.data?.heldBy && !state.data.heldBy.mine ? state.data.heldBy.name : null;

  useEffect(() => {
    const made = new PtzDriver((command) => sendPtz(cameraId, command), setFailure);
    setDriver(made);
    surface.current?.focus({ preventScroll: true });
    const halt = () => {
      held.current.clear();
      made.halt();
    };
    // A key whose release goes elsewhere would hold for ever.
    window.addEventListener('blur', halt);
    document.addEventListener('visibilitychange', halt);
    return () => {
      window.removeEventListener('blur', halt);
      document.removeEventListener('visibilitychange', halt);
      clearTimeout(wheel.current);
      void made.end();
    };
  }, [cameraId]);

  const drive = (velocity: Velocity) => {
    setFailure(null);
    driver?.move({
      pan: abilities?.panTilt ? velocity.pan : 0,
      tilt: abilities?.panTilt ? velocity.tilt : 0,
      zoom: abilities?.zoom ? velocity.zoom : 0,
    });
  };
  const driveKeys = () => {
    const sum = { pan: 0, tilt: 0, zoom: 0 };
    for (const key of held.current) {
      for (const [axis, by] of Object.entries(keysOf[key] ?? {})) sum[axis as keyof Velocity] += by * 0.5;
    }
    drive(sum);
  };
  const once = async (command: PtzCommand) => {
    setFailure(null);
    try {
      await sendPtz(cameraId, command);
      if (/_preset$/.test(command.action)) await state.refetch();
    } catch (error) {
      setFailure(error);
    }
  };
  const atPointer = (event: React.PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    drive(
      velocityAt(((event.clientX - box.left) / box.width) * 2 - 1, ((event.clientY - box.top) / box.height) * 2 - 1),
    );
  };
  const halt = () => {
    held.current.clear();
    driver?.halt();
  };
  const hold = (velocity: Partial<Velocity>) => ({
    onPointerDown: () => drive({ pan: 0, tilt: 0, zoom: 0, ...velocity }),
    onPointerUp: halt,
    onPointerLeave: halt,
    onPointerCancel: halt,
  });
  const problem = failure
    ? words(failure)
    : state.isError
      ? words(state.error)
      : other
        ? t('ptz.held', { name: other })
        : state.data && !abilities
          ? t('ptz.none')
          : null;
  const parts = abilities && [
    !abilities.panTilt && t('ptz.zoomOnly'),
    !abilities.zoom && t('ptz.noZoom'),
    abilities.mostPresets === 0 && t('ptz.noPresets'),
  ];

  return (
    <div className={classes.over} data-testid="ptz">
      {/* biome-ignore lint/a11y/useSemanticElements: a surface that is steered by dragging and by keys */}
      <div
        className={classes.surface}
        ref={surface}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the camera are pressed here
        tabIndex={0}
        aria-label={t('ptz.label', { name: cameraName })}
        data-ready={abilities !== null || undefined}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          atPointer(event);
        }}
        onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && atPointer(event)}
        onPointerUp={halt}
        onPointerCancel={halt}
        onLostPointerCapture={halt}
        onWheel={(event) => {
          drive({ pan: 0, tilt: 0, zoom: event.deltaY < 0 ? 0.5 : -0.5 });
          clearTimeout(wheel.current);
          wheel.current = setTimeout(halt, WHEEL_HOLD_MS);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' || event.key.toLowerCase() === 'p') {
            event.preventDefault();
            onLeave();
          } else if (keysOf[event.key]) {
            event.preventDefault();
            if (event.repeat) return;
            held.current.add(event.key);
            driveKeys();
          } else if (/^[1-9]$/.test(event.key)) {
            event.preventDefault();
            const preset = state.data?.presets[Number(event.key) - 1];
            if (preset) void once({ action: 'goto', preset: preset.token });
          }
        }}
        onKeyUp={(event) => {
          if (held.current.delete(event.key)) driveKeys();
        }}
        onBlur={halt}
      />
      <div className={classes.bar}>
        <IconArrowsMove size={16} stroke={1.8} aria-hidden />
        <span role="status" className={classes.words} data-problem={problem !== null || undefined}>
          {problem ?? (state.isPending ? t('ptz.asking') : (parts?.find((part) => part) ?? t('ptz.hint')))}
        </span>
        {abilities?.zoom && (
          <>
            <button type="button" aria-label={t('ptz.out')} title={`${t('ptz.out')} (−)`} {...hold({ zoom: -0.5 })}>
              <IconMinus size={16} stroke={1.8} />
            </button>
            <button type="button" aria-label={t('ptz.in')} title={`${t('ptz.in')} (+)`} {...hold({ zoom: 0.5 })}>
              <IconPlus size={16} stroke={1.8} />
            </button>
          </>
        )}
        <button type="button" aria-label={t('ptz.leave')} title={`${t('ptz.leave')} (Esc)`} onClick={onLeave}>
          <IconX size={16} stroke={1.8} />
        </button>
      </div>
      {abilities && abilities.mostPresets > 0 && (
        <div className={classes.presets}>
          {state.data?.presets.slice(0, 9).map((preset, i) => (
            <span key={preset.token} className={classes.preset}>
              <button type="button" onClick={() => once({ action: 'goto', preset: preset.token })}>
                {i + 1} {preset.name}
              </button>
              <button
                type="button"
                aria-label={t('ptz.remove', { name: preset.name })}
                title={t('ptz.remove', { name: preset.name })}
                onClick={() => once({ action: 'remove_preset', preset: preset.token })}
              >
                <IconX size={14} stroke={1.8} />
              </button>
            </span>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim() === '') return;
              void once({ action: 'set_preset', name }).then(() => setName(''));
            }}
          >
            <input
              value={name}
              maxLength={64}
              placeholder={t('ptz.newPreset')}
              aria-label={t('ptz.newPreset')}
              onChange={(event) => setName(event.currentTarget.value)}
              onKeyDown={(event) => event.key === 'Escape' && onLeave()}
            />
          </form>
        </div>
      )}
    </div>
  );
}
