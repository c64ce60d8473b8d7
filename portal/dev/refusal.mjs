export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const refuse = (status, code, message) => new Refusal(status, code, message);
