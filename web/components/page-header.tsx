import { createContext, useContext, useEffect } from 'react';
import { createPortal } from 'react-dom';
import classes from './page-header.module.css';

/** Where the frame keeps a place for the title of the page; null while there is no frame. */
export const HeaderSlot = createContext<HTMLElement | null>(null);

interface PageHeaderProps {
  title: string;
  /** What of the page is shown: a saved view, a unit, a number. */
  crumb?: React.ReactNode;
}

/** Puts the title (and crumb) of a page into the top bar and into the browser's tab. */
export function PageHeader({ title, crumb }: PageHeaderProps) {
  const slot = useContext(HeaderSlot);
  useEffect(() => {
    document.title = `${typeof crumb === 'string' ? `${crumb} · ` : ''}${title} · Liên Thông`;
  }, [title, crumb]);
  const content = (
    <>
      <h1 className={classes.title}>{title}</h1>
      {crumb !== undefined && crumb !== null && <span className={classes.crumb}>{crumb}</span>}
    </>
  );
  return slot === null ? null : createPortal(content, slot);
}
