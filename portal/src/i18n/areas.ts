import type artifacts from './en/artifacts.json';
import type audit from './en/audit.json';
import type config from './en/config.json';
import type members from './en/members.json';
import type profile from './en/profile.json';
import type referrers from './en/referrers.json';
import type users from './en/users.json';

/** The texts that come with the pages that use them: one file for each language, and two lines here. */
export interface Areas {
  artifacts: typeof artifacts;
  audit: typeof audit;
  config: typeof config;
  members: typeof members;
  profile: typeof profile;
  referrers: typeof referrers;
  users: typeof users;
}
