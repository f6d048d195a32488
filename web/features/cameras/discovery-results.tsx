import { Checkbox } from '@mantine/core';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconRadarOff from '@tabler/icons-react/icons/IconRadarOff';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Inspection } from '../../../server/contracts/camera-onboarding.ts';
import { useUnits } from '../../api/units.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { Skeleton, SkeletonRows } from '../../components/skeletons.tsx';
import table from '../../components/table.module.css';
import { useLang } from '../../components/use-lang.ts';
import { DeviceChip } from './device-chip.tsx';
import { useFailureWords } from './device-words.ts';
import classes from './discover.module.css';
import { countViews, type Found, isPlaced, viewOf } from './discovery-policy.ts';
import { type DiscoverySession, select } from './discovery-session.ts';
import { ResultsFoot } from './results-foot.tsx';
import { streamText } from './stream-text.ts';
import type { useAddDevices } from './use-add-devices.ts';
import type { useInspectDevices } from './use-inspect-devices.ts';
import { type Stage, stageOf } from './wizard-policy.ts';
import { WizardSteps } from './wizard-steps.tsx';

type Tab = 'all' | 'ready' | 'attention';

interface DiscoveryResultsProps {
  found: readonly Found[];
  running: boolean;
  session: DiscoverySession;
  /** By the key of the device. */
  inspections: ReadonlyMap<string, Inspection>;
  inspecting: ReturnType<typeof useInspectDevices>;
  adding: ReturnType<typeof useAddDevices>;
  openKey: string | null;
  onOpen: (key: string) => void;
}

/** The devices as they are found, each with how far it has come; those that are chosen go on together. */
export function DiscoveryResults(props: DiscoveryResultsProps) {
  const { found, running, session, inspections, adding, openKey, onOpen } = props;
  const { t } = useTranslation('cameras');
  const [tab, setTab] = useState<Tab>('all');
  const counts = countViews(found.map(({ device }) => device));
  const shown = found.filter(({ device }) => tab === 'all' || viewOf(device) === tab);
  const ready = found.filter(({ device }) => viewOf(device) === 'ready');
  const chosen = ready.filter(({ device }) => session.selected.has(device.key));
  const stage = (one: Found) => stageOf(one, inspections.get(one.device.key), session);

  return (
    <section className={table.card}>
      {found.length > 0 && <WizardSteps stages={found.map(stage)} />}
      <div className={classes.resultsHead}>
        <h2 className={classes.heading}>{t('results.title')}</h2>
        <Segmented
          label={t('results.title')}
          options={[
            { value: 'all', label: t('results.all', { count: counts.all }) },
            { value: 'ready', label: t('results.ready', { count: counts.ready }) },
            { value: 'attention', label: t('results.attention', { count: counts.attention }) },
          ]}
          value={tab}
          onChange={setTab}
        />
      </div>
      {found.length === 0 && running && <SkeletonRows rows={4} />}
      {found.length === 0 && !running && (
        <EmptyState icon={IconRadarOff} title={t('results.empty')} hint={t('results.emptyHint')} />
      )}
      {shown.length > 0 && (
        <table className={table.table}>
          <thead>
            <tr>
              <th className={classes.check}>
                <Checkbox
                  aria-label={t('results.selectAll')}
                  checked={chosen.length > 0 && chosen.length === ready.length}
                  indeterminate={chosen.length > 0 && chosen.length < ready.length}
                  disabled={ready.length === 0}
                  onChange={(event) =>
                    select(
                      ready.map(({ device }) => device.key),
                      event.currentTarget.checked,
                    )
                  }
                />
              </th>
              <th>{t('results.address')}</th>
              <th>{t('results.result')}</th>
              <th>{t('column.streams')}</th>
              <th>{t('results.assigned')}</th>
              <th aria-label={t('results.open')} />
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <DeviceRow
                key={one.device.key}
                found={one}
                session={session}
                stage={stage(one)}
                inspection={inspections.get(one.device.key)}
                refused={adding.refusals.has(one.device.key)}
                open={one.device.key === openKey}
                onOpen={() => onOpen(one.device.key)}
              />
            ))}
          </tbody>
        </table>
      )}
      {chosen.length > 0 && <ResultsFoot {...props} chosen={chosen} />}
    </section>
  );
}

interface DeviceRowProps {
  found: Found;
  session: DiscoverySession;
  stage: Stage;
  inspection: Inspection | undefined;
  refused: boolean;
  open: boolean;
  onOpen: () => void;
}

function DeviceRow({ found: { device }, session, stage, inspection, refused, open, onOpen }: DeviceRowProps) {
  const { t } = useTranslation('cameras');
  const lang = useLang();
  const failure = useFailureWords();
  const units = useUnits();
  const view = viewOf(device);
  const placement = session.placements.get(device.key);
  const unit = units.data?.find((one) => one.id === placement?.unitId);
  const text = (name: 'main' | 'sub') => {
    const inspected = inspection?.profiles.find(({ stream }) => stream === name);
    const profile = inspected?.measured ?? inspected ?? device.profiles.find((one) => one.stream === name);
    return profile === undefined ? null : streamText(profile, lang, t('perSecond'));
  };
  const sub = text('sub');
  const model = [device.device?.manufacturer, device.device?.model].filter(Boolean).join(' ');
  const detail = refused
    ? t('results.refused')
    : stage === 'inspection_failed' && inspection !== undefined
      ? failure(inspection.errorCode)
      : stage === 'probing' || stage === 'attention' || stage === 'added'
        ? ''
        : t(`stage.${stage}`, { count: inspection?.advice.length ?? 0 });
  return (
    <tr data-opens data-selected={open || undefined}>
      <td className={table.above}>
        <Checkbox
          aria-label={t('results.select', { host: device.host })}
          checked={view === 'ready' && session.selected.has(device.key)}
          disabled={view !== 'ready'}
          onChange={(event) => select([device.key], event.currentTarget.checked)}
        />
      </td>
      <td>
        <button type="button" className={table.open} onClick={onOpen}>
          {device.host}
        </button>
        <span className={table.second}>{device.name || model || t('results.unknown')}</span>
      </td>
      <td className={table.under}>
        <DeviceChip device={device} />
        {detail !== '' && <span className={table.second}>{detail}</span>}
      </td>
      <td className={table.wide}>
        {view === 'probing' ? (
          <Skeleton width={104} height={10} />
        ) : (
          <>
            <span className={text('main') === null ? table.second : table.main}>
              {text('main') ?? t('streamUnknown')}
            </span>
            {sub !== null && <span className={table.second}>{t('subStream', { text: sub })}</span>}
          </>
        )}
      </td>
      <td className={table.wide}>
        {isPlaced(placement) ? (
          <>
            <span className={table.main}>{unit?.name}</span>
            <span className={table.second}>{placement?.name}</span>
          </>
        ) : (
          view === 'ready' && (
            <span className={classes.assign}>
              <IconPlus size={16} stroke={1.8} aria-hidden />
              {t('results.assign')}
            </span>
          )
        )}
      </td>
      <td className={table.wide}>
        <IconChevronRight className={table.arrow} size={18} stroke={1.8} aria-hidden />
      </td>
    </tr>
  );
}
