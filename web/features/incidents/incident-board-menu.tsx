import { Menu } from '@mantine/core';
import IconDots from '@tabler/icons-react/icons/IconDots';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { IncidentSummary } from '../../../server/contracts/incidents.ts';
import { useIncident, useIncidentStep } from '../../api/incidents.ts';
import { useMe } from '../../api/session.ts';
import { paths } from '../../app/paths.ts';
import { useErrorText } from '../../components/error-text.ts';
import { Skeleton } from '../../components/skeletons.tsx';
import { toast } from '../../components/toast.tsx';
import { actionsOf } from './case-step-policy.ts';
import classes from './incident-board.module.css';
import { OPEN_STATES } from './list-address.ts';

/** The steps that the reader may take on a card: what needs words opens the form on the page of the case. */
export function CardMenu({ incident, from }: { incident: IncidentSummary; from: string }) {
  const { t } = useTranslation('queue');
  const [opened, setOpened] = useState(false);
  // Where nobody has to act any more there is nothing to choose, and looking at the whole case would make its reader not blind.
  if (!OPEN_STATES.includes(incident.state)) return null;
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className={classes.menu} aria-label={t('board.menu', { number: incident.number })}>
          <IconDots size={16} stroke={1.8} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>{opened && <Steps incident={incident} from={from} />}</Menu.Dropdown>
    </Menu>
  );
}

function Steps({ incident, from }: { incident: IncidentSummary; from: string }) {
  const { t } = useTranslation(['queue', 'incidents']);
  const navigate = useNavigate();
  const words = useErrorText();
  const me = useMe().data;
  const whole = useIncident(incident.id).data;
  const send = useIncidentStep();
  if (whole === undefined) return <Skeleton height={36} />;
  const { primary, others, tools } = actionsOf(whole);
  const steps = [...(primary === null ? [] : [primary]), ...others, ...tools];
  const tell = (title: string) => ({
    onSuccess: () => toast({ kind: 'done', title, text: whole.number }),
    onError: (error: unknown) => toast({ kind: 'error', title: t('board.failed'), text: words(error) }),
  });
  const { id, version } = whole;
  return (
    <>
      {steps.map((step) =>
        step === 'verify' ? (
          <Menu.Item key={step} onClick={() => send.mutate({ id, step, version }, tell(t('incidents:done.verify')))}>
            {t('incidents:actions.title.verify')}
          </Menu.Item>
        ) : (
          <Menu.Item key={step} onClick={() => navigate(paths.incident(id), { state: { from, step } })}>
            {t(`incidents:actions.title.${step}`)} …
          </Menu.Item>
        ),
      )}
      {tools.includes('assign') && me !== null && me !== undefined && whole.assignee?.id !== me.id && (
        <Menu.Item
          onClick={() =>
            send.mutate({ id, step: 'assign', version, assigneeId: me.id }, tell(t('incidents:done.assign')))
          }
        >
          {t('board.toMe')}
        </Menu.Item>
      )}
      {steps.length === 0 && <p className={classes.menuWhy}>{t('board.nothing')}</p>}
    </>
  );
}
