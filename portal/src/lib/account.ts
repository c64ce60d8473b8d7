import { isAcceptablePassword } from './password';

/** What somebody gives to have an account. */
export interface AccountDraft {
  username: string;
  email: string;
  realname: string;
  password: string;
}

export const emptyAccount: AccountDraft = { username: '', email: '', realname: '', password: '' };

const plausibleEmail = /^[^\s@]+@[^\s@]+$/;
/** As the server has it: what no client could say when it logs in, or what would look like another's name. */
const badName = /[,"~#$%\p{Cc}]/u;
const badRealname = /[,~#$%\p{Cc}]/u;

export const isEmail = (text: string) => plausibleEmail.test(text);
export const isUserName = (name: string) => name.trim() !== '' && !badName.test(name.trim());
export const isRealname = (name: string) => name.trim() !== '' && !badRealname.test(name);

export const isComplete = ({ username, email, realname, password }: AccountDraft) =>
  isUserName(username) && isEmail(email.trim()) && isRealname(realname) && isAcceptablePassword(password);

/** Without what slips in at the ends; a password is taken as it is. */
export const trimmed = ({ username, email, realname, password }: AccountDraft): AccountDraft => ({
  username: username.trim(),
  email: email.trim(),
  realname: realname.trim(),
  password,
});
