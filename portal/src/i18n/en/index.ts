// What every page needs; the other areas come with their pages.
import common from './core/common.json';
import changes from './core/changes.json';
import shell from './core/shell.json';
import nav from './core/nav.json';
import theme from './core/theme.json';
import keys from './core/keys.json';
import palette from './core/palette.json';
import session from './core/session.json';
import error from './core/error.json';
import notFound from './core/notFound.json';
import crash from './core/crash.json';
import confirm from './core/confirm.json';
import command from './core/command.json';
import visibility from './core/visibility.json';
import role from './core/role.json';
import home from './core/home.json';
import guide from './core/guide.json';
import projects from './core/projects.json';
import repositories from './core/repositories.json';
import kind from './core/kind.json';
import charts from './core/charts.json';
import undo from './core/undo.json';

export default { common, changes, shell, nav, theme, keys, palette, session, error, notFound, crash, confirm, command, visibility, role, home, guide, projects, repositories, kind, charts, undo };
