import { createTheme, type MantineColorsTuple } from '@mantine/core';
import classes from './theme.module.css';

const blue: MantineColorsTuple = [
  '#EEF3FB',
  '#D9E4F5',
  '#B3C9EA',
  '#8BACDD',
  '#6690CF',
  '#4273BC',
  '#2A5AA5',
  '#1B478C',
  '#143871',
  '#0D2856',
];
const gray: MantineColorsTuple = [
  '#F8FAFB',
  '#EEF1F4',
  '#E3E8ED',
  '#DDE2E8',
  '#C6CDD6',
  '#8A97A5',
  '#5F6C7C',
  '#414E5F',
  '#2E3947',
  '#16202E',
];
const dark: MantineColorsTuple = [
  '#E8EDF2',
  '#B4BFCA',
  '#8A97A5',
  '#5F6C7C',
  '#3A4754',
  '#27323D',
  '#1F2933',
  '#12181F',
  '#0B0F14',
  '#05080B',
];

const field = {
  classNames: { input: classes.input, label: classes.label, description: classes.description, error: classes.error },
};
const floating = { shadow: 'md' as const, radius: 8, transitionProps: { duration: 160, transition: 'fade' as const } };
const pickers = { comboboxProps: { ...floating, offset: 4 } };

const overlay = { backgroundOpacity: 0.4 };
/** A dialog's head is a `<header>`, which would count as a second banner of the page. */
const heads = { header: { role: 'presentation' } };

/** Mantine as the look wants it: 36 px controls, 6 px corners, one accent, tokens for every colour. */
export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 7, dark: 6 },
  colors: { blue, gray, dark },
  fontFamily: "'Be Vietnam Pro', system-ui, sans-serif",
  headings: { fontFamily: "'Be Vietnam Pro', system-ui, sans-serif", fontWeight: '600' },
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '18px' },
  lineHeights: { xs: '17px', sm: '20px', md: '20px', lg: '24px', xl: '26px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '20px', xl: '24px' },
  radius: { xs: '2px', sm: '5px', md: '6px', lg: '8px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  // Plain objects, not `Select.extend(…)`: naming a component here would pull its code into the first load.
  components: {
    Button: { defaultProps: { size: 'sm' }, classNames: { root: classes.button } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 36 } },
    TextInput: field,
    PasswordInput: field,
    Textarea: field,
    Select: { ...field, defaultProps: { ...pickers, checkIconPosition: 'right' } },
    MultiSelect: { ...field, defaultProps: pickers },
    Checkbox: { defaultProps: { radius: 4, size: 'xs' } },
    Switch: { defaultProps: { size: 'sm' } },
    Menu: { defaultProps: floating },
    Popover: { defaultProps: floating },
    Tooltip: {
      defaultProps: { openDelay: 300, withArrow: false, radius: 5, transitionProps: { duration: 120 } },
      classNames: { tooltip: classes.tooltip },
    },
    Modal: {
      defaultProps: {
        attributes: heads,
        overlayProps: overlay,
        centered: true,
        size: 520,
        radius: 8,
        transitionProps: { duration: 160, transition: 'fade' },
      },
      classNames: { title: classes.dialogTitle, content: classes.dialog, header: classes.dialogHeader },
    },
    Drawer: {
      defaultProps: {
        attributes: heads,
        overlayProps: overlay,
        position: 'right',
        size: 480,
        transitionProps: { duration: 160 },
      },
      classNames: { title: classes.dialogTitle, content: classes.dialog, header: classes.dialogHeader },
    },
  },
});
