/* What was chosen on a roll and has not reached the server: kept by the phone under the person who
   chose it, sent in order, again and again until it is answered. */
(() => {
  const DATABASE = "diem-danh";
  const STORE = "unsent";
  const MOST = 200;
  const WAITS = [1, 2, 4, 8, 15, 30];
  // Taps that follow one another so closely are one request; kept they are from the first moment.
  const TOGETHER_MS = 300;
  const MISTAKES = new Set([400, 401, 403, 404, 409]);

  const openDatabase = () =>
    new Promise((resolve, reject) => {
      const asked = indexedDB.open(DATABASE, 1);
      asked.onupgradeneeded = () =>
        asked.result.createObjectStore(STORE, { keyPath: ["reader", "session", "enrolment"] });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });

  /* The choices of one reader for one session. Where the browser keeps nothing they live as long as
     the page; `tellUnkept` is then called. */
  class Unsent {
    constructor(reader, session, tellUnkept) {
      this.reader = reader;
      this.session = session;
      this.tellUnkept = tellUnkept;
      this.choices = new Map();
      this.last = 0;
    }

    async load() {
      const range = IDBKeyRange.bound([this.reader, this.session], [this.reader, this.session, []]);
      const kept = (await this.ask("readonly", (store) => store.getAll(range))) || [];
      for (const choice of kept) {
        if (!this.choices.has(choice.enrolment)) this.choices.set(choice.enrolment, choice);
        this.last = Math.max(this.last, choice.order);
      }
    }

    put(choice) {
      this.last += 1;
      const kept = { ...choice, reader: this.reader, session: this.session, order: this.last };
      this.choices.set(choice.enrolment, kept);
      return this.change((store) => store.put(kept));
    }

    /* With a client id only that very choice: another tap may have come meanwhile. */
    drop(enrolment, clientId) {
      const choice = this.choices.get(enrolment);
      if (!choice || (clientId && choice.client_id !== clientId)) return;
      this.choices.delete(enrolment);
      this.change((store) => store.delete([this.reader, this.session, enrolment]));
    }

    inOrder() {
      return [...this.choices.values()].sort((one, other) => one.order - other.order);
    }

    async change(act) {
      await this.ask("readwrite", act);
      const range = IDBKeyRange.bound([this.reader], [this.reader, []]);
      const count = await this.ask("readonly", (store) => store.count(range));
      try {
        // Read by the log-out button of every page.
        localStorage.setItem(`unsent-${this.reader}`, count || "");
      } catch {
        // Storage is blocked: told by `tellUnkept`.
      }
    }

    async ask(mode, act) {
      try {
        this.database ||= openDatabase();
        const transaction = (await this.database).transaction(STORE, mode);
        return await new Promise((resolve, reject) => {
          const asked = act(transaction.objectStore(STORE));
          transaction.oncomplete = () => resolve(asked.result);
          transaction.onabort = () => reject(transaction.error);
        });
      } catch {
        this.tellUnkept();
        return null;
      }
    }
  }

  /* Speaks with the small address of a roll. `answered(sent, answer)` hears what the server says,
     `stopped(message)` why nothing is sent until somebody does something, `waits()` that
     there is no connection. */
  class Sender {
    constructor({ url, token, since, unsent, isEarly, listener }) {
      Object.assign(this, { url, token, since, unsent, isEarly, listener });
      this.undo = [];
      this.told = "";
      this.failures = 0;
      this.isStopped = false;
      this.gathers = false;
    }

    /* Send what is due until nothing is; a call while that is under way makes it go on. */
    flush() {
      this.isStopped = this.gathers = false;
      this.again = true;
      this.running ||= this.sendAll().finally(() => {
        this.running = null;
      });
      return this.running;
    }

    /* Do so in a moment, together with what is tapped until then. */
    soon() {
      clearTimeout(this.timer);
      this.gathers = true;
      this.timer = setTimeout(() => this.flush(), TOGETHER_MS);
    }

    async sendAll() {
      clearTimeout(this.timer);
      while (await this.sendDue());
    }

    /* Return whether there may be more to send at once. */
    async sendDue() {
      this.again = false;
      const sent = this.due();
      if (!sent.length && !this.undo.length) return false;
      const isSent = await this.send(sent);
      return (isSent || this.again) && !this.isStopped;
    }

    due() {
      return this.unsent
        .inOrder()
        .filter((choice) => !choice.held)
        .slice(0, MOST);
    }

    async send(sent) {
      const undo = [...this.undo];
      const marks = sent.map(({ enrolment, status, minutes_late, left, reason, client_id }) => {
        return { enrolment, status, minutes_late, left, reason, client_id };
      });
      const body = { reader: this.unsent.reader, since: this.since, early: this.isEarly() };
      const answer = await this.post({ ...body, marks, undo });
      if (!answer) return false;
      this.undo = this.undo.filter((one) => !undo.includes(one));
      this.hear(sent, answer);
      return true;
    }

    async post(body) {
      const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
      return this.ask({ method: "POST", headers, body: JSON.stringify(body) }, this.url);
    }

    async poll() {
      if (this.running || this.isStopped) return;
      const answer = await this.ask({}, `${this.url}?since=${this.since}`);
      if (answer) this.hear([], answer);
    }

    hear(sent, answer) {
      this.failures = 0;
      this.since = Math.max(this.since, answer.since);
      // Who asks for news hears nothing of what was sent: what was said of that stands.
      this.told = answer.message ?? this.told;
      this.listener.answered(sent, { refused: {}, ...answer, message: this.told });
    }

    async ask(options, url) {
      try {
        const response = await fetch(url, { ...options, credentials: "same-origin" });
        if (response.ok) return await response.json();
        if (MISTAKES.has(response.status)) {
          this.isStopped = true;
          const said = await response.json().catch(() => ({}));
          this.listener.stopped(said.message);
          return null;
        }
      } catch {
        // No connection, or an answer cut off: tried again below.
      }
      this.wait(options.method === "POST");
      return null;
    }

    wait(isPost) {
      if (!isPost) return;
      const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
      this.failures += 1;
      this.listener.waits();
      clearTimeout(this.timer);
      // Not all phones of a class at the same moment.
      this.timer = setTimeout(() => this.flush(), wait * 1000 * (0.75 + Math.random() / 2));
    }
  }

  const randomId = () =>
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
      (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
    );

  window.rollCall = { Unsent, Sender, randomId };
})();
