import IconRepeat from '@tabler/icons-react/icons/IconRepeat';
import { useTranslation } from 'react-i18next';
import { useCameras } from '../../api/cameras.ts';
import { useRepeatsBefore } from '../../api/incident-work.ts';
import { paths } from '../../app/paths.ts';
import classes from './flag-popover.module.css';

interface RepeatsProps {
  cameraId: string;
  category: string;
  /** The moment that is flagged. */
  atMs: number;
}

/** How often the unit had cases of the chosen category shortly before; the words open them beside the page. */
export function FlagRepeats({ cameraId, category, atMs }: RepeatsProps) {
  const { t } = useTranslation('flag');
  const unitId = useCameras().data?.find(({ id }) => id === cameraId)?.unitId ?? undefined;
  const found = useRepeatsBefore(unitId, category, atMs).data;
  if (found === undefined || found.total === 0 || unitId === undefined) return null;
  const { total, days, violations } = found;
  return (
    <a
      className={classes.repeats}
      href={paths.incidents({ tab: 'all', unit: unitId, category, days: String(days) })}
      target="_blank"
      rel="noreferrer"
    >
      <IconRepeat size={16} stroke={1.8} aria-hidden />
      <span>
        {t('repeats', { count: total, days })}
        {violations > 0 && ` · ${t('repeatsViolations', { count: violations })}`}
      </span>
    </a>
  );
}
