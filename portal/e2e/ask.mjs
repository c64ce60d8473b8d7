/** Asks the server from inside the page, with its session and CSRF token, as a button of the page would. */
export function ask(page, method, path, body) {
  return page.evaluate(
    async ([method, path, body]) => {
      const token = (await fetch('/api/v2.0/systeminfo')).headers.get('X-Harbor-CSRF-Token') ?? '';
      const headers = { Accept: 'application/json', 'X-Harbor-CSRF-Token': token, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
      const response = await fetch(`/api/v2.0${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
      const text = await response.text();
      let answer = null;
      try {
        answer = JSON.parse(text);
      } catch {
        // no body, or not JSON
      }
      return { status: response.status, answer, text, location: response.headers.get('Location') };
    },
    [method, path, body],
  );
}

/** The same for what must work: another answer than a success is an error. */
export async function wanted(page, method, path, body) {
  const { status, answer, text, location } = await ask(page, method, path, body);
  if (status >= 300) throw new Error(`${method} ${path} is answered ${status}: ${text.slice(0, 300)}`);
  return { answer, location };
}
