export interface Permission {
  resource: string;
  action: string;
}

/** What the signed-in person may do in one project, as the server says; never derived from a role. */
export class Permissions {
  readonly #granted: ReadonlySet<string>;

  constructor(granted: readonly Permission[]) {
    this.#granted = new Set(granted.map(({ resource, action }) => `${resource} ${action}`));
  }

  /** The project itself is the resource ".". */
  may(action: string, resource: string): boolean {
    return this.#granted.has(`${resource} ${action}`) || this.#granted.has(`${resource} *`);
  }
}

export const nothingPermitted = new Permissions([]);
