import { Menu } from '@mantine/core';
import IconDots from '@tabler/icons-react/icons/IconDots';
import IconLayoutDashboard from '@tabler/icons-react/icons/IconLayoutDashboard';
import IconLayoutGrid from '@tabler/icons-react/icons/IconLayoutGrid';
import IconPlus from '@tabler/icons-react/icons/IconPlus';
import IconUsers from '@tabler/icons-react/icons/IconUsers';
import { useTranslation } from 'react-i18next';
import type { SavedView } from '../../../server/contracts/views.ts';
import { usePatchView } from '../../api/queries.ts';
import { useErrorText } from '../../components/error-text.ts';
import { toast } from '../../components/toast.tsx';
import classes from './saved-views.module.css';
import type { ViewDialogAsk } from './view-dialog.tsx';
import { contentOf, type WallView } from './wall-view-policy.ts';

type Props = {
  views: readonly SavedView[];
  current: WallView;
  savedId: string | null;
  /** Whether what is shown differs from the saved view that it began as. */
  changed: boolean;
  onOpen: (view: SavedView) => void;
  onAsk: (ask: ViewDialogAsk) => void;
};

/** The views that the person keeps or finds shared: one click shows one of them. */
export function SavedViewsList({ views, current, savedId, changed, onOpen, onAsk }: Props) {
  const { t } = useTranslation('wall');
  const words = useErrorText();
  const patch = usePatchView();
  const send = (body: Parameters<typeof patch.mutate>[0], done: string) =>
    patch.mutate(body, {
      onSuccess: () => toast({ kind: 'done', title: done }),
      onError: (error) => toast({ kind: 'error', title: t('views.failed'), text: words(error) }),
    });
  return (
    <section className={classes.section} aria-label={t('views.title')}>
      <div className={classes.head}>
        <span>{t('views.title')}</span>
        <button
          type="button"
          aria-label={t('views.save')}
          title={t('views.save')}
          onClick={() => onAsk({ kind: 'save' })}
        >
          <IconPlus size={16} stroke={1.8} aria-hidden />
        </button>
      </div>
      {views.length === 0 && <p className={classes.none}>{t('views.none')}</p>}
      <ul className={classes.list}>
        {views.map((view) => {
          const Glyph = view.layout === 'free' ? IconLayoutDashboard : IconLayoutGrid;
          const isOpen = view.id === savedId;
          const shownOn = view.cameras.filter((camera) => camera !== null).length;
          return (
            <li key={view.id} className={classes.row} data-open={isOpen || undefined}>
              <button
                type="button"
                className={classes.open}
                aria-current={isOpen || undefined}
                title={view.mine ? view.name : t('views.by', { name: view.name, owner: view.ownerName })}
                onClick={() => onOpen(view)}
              >
                <Glyph size={16} stroke={1.8} aria-hidden />
                <span className={classes.name}>
                  {view.name}
                  {view.isDefault && <span className={classes.note}>{t('views.isDefault')}</span>}
                  {isOpen && changed && <span className={classes.note}>{t('views.changed')}</span>}
                </span>
                {view.sharing === 'own' ? (
                  <span className={classes.count}>{shownOn}</span>
                ) : (
                  <IconUsers size={16} stroke={1.8} aria-label={t('views.shared')} />
                )}
              </button>
              <Menu position="bottom-end" width={240}>
                <Menu.Target>
                  <button type="button" className={classes.more} aria-label={t('views.more', { name: view.name })}>
                    <IconDots size={16} stroke={1.8} aria-hidden />
                  </button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    onClick={() =>
                      send(
                        { id: view.id, isDefault: !view.isDefault },
                        t(view.isDefault ? 'views.noDefault' : 'views.nowDefault', { name: view.name }),
                      )
                    }
                  >
                    {t(view.isDefault ? 'views.unsetDefault' : 'views.setDefault')}
                  </Menu.Item>
                  {view.mine && (
                    <>
                      {isOpen && changed && (
                        <Menu.Item
                          onClick={() =>
                            send({ id: view.id, content: contentOf(current) }, t('views.updated', { name: view.name }))
                          }
                        >
                          {t('views.update')}
                        </Menu.Item>
                      )}
                      <Menu.Item onClick={() => onAsk({ kind: 'edit', view })}>{t('views.edit')}</Menu.Item>
                      <Menu.Item onClick={() => onAsk({ kind: 'delete', view })}>{t('views.delete')}</Menu.Item>
                    </>
                  )}
                </Menu.Dropdown>
              </Menu>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
