import type artifacts from './en/artifacts.json';
import type audit from './en/audit.json';
import type chart from './en/chart.json';
import type compare from './en/compare.json';
import type config from './en/config.json';
import type members from './en/members.json';
import type profile from './en/profile.json';
import type referrers from './en/referrers.json';
import type users from './en/users.json';
import type robots from './en/robots.json';
import type labels from './en/labels.json';
import type policies from './en/policies.json';
import type search from './en/search.json';
import type health from './en/health.json';
import type apidocs from './en/apidocs.json';
import type quotas from './en/quotas.json';
import type settings from './en/settings.json';
import type projectSettings from './en/projectSettings.json';
import type jobs from './en/jobs.json';
import type schedules from './en/schedules.json';
import type purge from './en/purge.json';
import type signUp from './en/signUp.json';

/** The texts that come with the pages that use them: one file for each language, and two lines here. */
export interface Areas {
  artifacts: typeof artifacts;
  audit: typeof audit;
  chart: typeof chart;
  compare: typeof compare;
  config: typeof config;
  members: typeof members;
  profile: typeof profile;
  referrers: typeof referrers;
  users: typeof users;
  robots: typeof robots;
  labels: typeof labels;
  policies: typeof policies;
  search: typeof search;
  health: typeof health;
  apidocs: typeof apidocs;
  quotas: typeof quotas;
  settings: typeof settings;
  projectSettings: typeof projectSettings;
  jobs: typeof jobs;
  schedules: typeof schedules;
  purge: typeof purge;
  signUp: typeof signUp;
}
