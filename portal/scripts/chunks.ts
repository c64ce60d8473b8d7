// What travels together. By names and not by how many pages share a thing: otherwise each new page would move something
// into what every page loads. Whatever is not named here stays with the pages that use it.
const mantine = (...names: string[]) => new RegExp(`@mantine/core/esm/components/(${names.join('|')})/`);
const ui = (...names: string[]) => new RegExp(`/src/ui/(${names.join('|')})\\.`);
const any = (...patterns: RegExp[]) => (id: string) => patterns.some((pattern) => pattern.test(id));

export const chunks = [
  // Changes with an upgrade only, so that browsers keep it over releases.
  { name: 'react', priority: 9, test: /node_modules\/(react|react-dom|scheduler|use-sync-external-store)\// },
  { name: 'router', priority: 9, test: /node_modules\/@tanstack\// },
  {
    // The shell, and what stands on every page.
    name: 'base',
    priority: 8,
    test: any(
      /node_modules\/(i18next|react-i18next|clsx|html-parse-stringify|void-elements)\//,
      /@mantine\/core\/esm\/core\//,
      mantine('ActionIcon', 'Alert', 'Anchor', 'Badge', 'Breadcrumbs', 'Button', 'Code', 'Group', 'Kbd', 'Loader', 'Paper', 'Portal', 'Skeleton', 'Stack', 'Text', 'Title', 'Transition', 'UnstyledButton', 'VisuallyHidden'),
      /\/src\/(api\/(client|hooks|keys|preferences|shared)\.|lib\/(needs|next|permissions|problem|query|roles|search|storage|time|bytes|reference)\.|i18n\/index)/,
      ui('ButtonLink', 'CopyButton', 'EmptyState', 'ErrorState', 'Floating', 'format', 'LanguageMenu', 'Logo', 'Marks', 'Menu', 'notify', 'PageHeader', 'Panel', 'place', 'State', 'TextLink', 'ThemeMenu', 'TimeAgo', 'Tooltip', 'useCopy', 'useKeys', 'useListState'),
    ),
  },
  {
    // A list with its filters and pages.
    name: 'list',
    priority: 7,
    test: any(
      /@mantine\/core\/esm\/components\/Checkbox\/CheckIcon/,
      mantine('CloseButton', 'Combobox/ComboboxChevron', 'FloatingIndicator', 'Input', 'InputBase', 'NativeSelect', 'Pagination', 'SegmentedControl', 'TextInput'),
      ui('DataTable', 'Digest', 'FilterBar', 'Pager', 'Refusal', 'refusalText', 'RowMenu', 'SearchInput', 'Size', 'useRowKeys'),
    ),
  },
  { name: 'choice', priority: 7, test: any(mantine('Checkbox', 'Radio', 'Switch'), /@mantine\/core\/esm\/utils\/InlineInput/) },
  // Opens on demand: dialogs, and lists that float over a page.
  { name: 'dialog', priority: 5, test: any(mantine('Modal', 'ModalBase', 'Drawer', 'Overlay'), /node_modules\/react-remove-scroll/, ui('FormDialogBox')) },
  { name: 'floating', priority: 6, test: any(mantine('Combobox', 'Popover', 'ScrollArea', 'Select', 'Autocomplete'), /node_modules\/@floating-ui\//, /@mantine\/core\/esm\/utils\/Floating/) },
  { name: 'icons', priority: 4, test: /node_modules\/@tabler\//, minShareCount: 3 },
];
