/* Makes the roll call quicker: a tap is sent at once and kept until it is answered, counts and
   search follow, a colleague's marks appear. The page does all of its work without this file. */
const startRollCall = async (form) => {
  const { Unsent, Sender, randomId } = window.rollCall;
  const POLL_SECONDS = 25;
  const find = (selector) => form.querySelector(selector);
  const words = form.dataset;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const fold = (text) =>
    text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim();
  const make = (tag, className, text = "") =>
    Object.assign(document.createElement(tag), { className, textContent: text });

  /* One line: what is ticked and typed, and what the server holds (`saved`). */
  const said = (status, late) => (status === "late" ? `late ${Number(late)}` : status);
  const inSeconds = (seconds) => performance.now() + Number(seconds || 0) * 1000;
  const lines = [...form.querySelectorAll(".roll > li")].map((item) => ({
    item,
    id: Number(item.id.split("-").pop()),
    name: item.querySelector(".roll__name").textContent,
    search: fold(`${item.querySelector(".roll__name").textContent} ${item.dataset.code}`),
    radios: [...item.querySelectorAll("input[type=radio]")],
    late: item.querySelector(".roll__late input"),
    isGuest: "guest" in item.dataset,
    saved: said(item.dataset.noted || "", item.dataset.late || ""),
    // Until then one's own mark is changed without a reason: the server says how long.
    slipUntil: inSeconds(item.dataset.slip),
  }));
  const byId = new Map(lines.map((line) => [line.id, line]));
  const lineOf = (target) => lines.find((line) => line.item.contains(target));
  const status = (line) => (line.radios.find((radio) => radio.checked) || { value: "" }).value;
  const choice = (line) => said(status(line), line.late.value);
  const isChanged = (line) => choice(line) !== line.saved;
  const saysNew = (line, kept) =>
    Boolean(kept.left) || said(kept.status, kept.minutes_late) !== line.saved;
  const isSlip = (line) => performance.now() < line.slipUntil;
  const corrects = (line) => line.saved !== "" && isChanged(line) && !isSlip(line);
  const write = (line, chosen, late) => {
    for (const radio of line.radios) radio.checked = radio.value === chosen;
    line.late.value = late || "";
  };
  const writeSaved = (line) => {
    const [chosen, late] = line.saved.split(" ");
    write(line, chosen, late === "0" ? "" : late);
  };
  const addField = (line, className, text, values) => {
    const label = make("label", className, text);
    const input = Object.assign(make("input", "input"), values);
    label.append(input);
    line.item.append(label);
    return input;
  };
  const reasonOf = (line) => {
    line.reason ||= line.item.querySelector(".roll__reason input");
    const values = { name: `reason-${line.id}`, maxLength: 300 };
    line.reason ||= addField(line, "roll__more roll__reason", words.reasonLabel, values);
    return line.reason;
  };

  /* The time at which somebody leaves, on the line instead of a page of its own. */
  const leftOf = (line) => {
    line.left ||= addField(line, "roll__more", words.leftLabel, { placeholder: "10:55" });
    return line.left;
  };

  /* A missing reason is said beside its field before it is sent; the server asks for it, too. */
  const lacksReason = (line) => corrects(line) && !reasonOf(line).value.trim();
  const complain = (line, text) => {
    forgive(line);
    line.note = make("p", "field__errors", text);
    line.note.id = `${line.item.id}-ly-do`;
    line.item.append(line.note);
    reasonOf(line).setAttribute("aria-describedby", line.note.id);
    line.reason.setAttribute("aria-invalid", "true");
  };
  const forgive = (line) => {
    if (line.note) line.note.remove();
    line.note = null;
    if (!line.reason) return;
    line.reason.removeAttribute("aria-describedby");
    line.reason.removeAttribute("aria-invalid");
  };

  const state = find("[data-roll-state]");
  const allNoted = state.dataset.rollState;
  // Enrolled since this page was made: they have no line to be shown on.
  const newcomers = new Set();
  let [trouble, unkept] = ["", ""];
  const showLine = (line) => {
    if (corrects(line)) reasonOf(line);
    line.item.classList.toggle("is-asked", corrects(line));
    line.item.classList.toggle("is-unsent", unsent.choices.has(line.id));
    // A number nobody sees must not keep the form from being sent.
    line.late.disabled = status(line) !== "late";
  };
  const tell = (text, count) => (count ? [fill(text, { count })] : []);
  const show = () => {
    lines.forEach(showLine);
    const count = (wanted, people) => people.filter((line) => status(line) === wanted).length;
    const members = lines.filter((line) => !line.isGuest);
    for (const cell of form.querySelectorAll("[data-count]")) {
      cell.textContent = count(cell.dataset.count, members);
    }
    const parts = [
      ...tell(words.left, count("", lines)),
      ...tell(words.unsent, unsent.choices.size),
      ...tell(words.newcomers, newcomers.size),
    ].join("\n");
    state.textContent = parts || allNoted;
    const [troubles, texts] = [find("[data-roll-trouble]"), [trouble, unkept].filter(Boolean)];
    Object.assign(troubles, { textContent: texts.join(" "), hidden: !texts.length });
  };

  const notice = find("[data-roll-notice]");
  let notified = {};
  /* `undo` is offered; `line`: as long as that may still be; `isUnsent`: it tells of what waits. */
  const notify = (text, { undo = null, line = null, isUnsent = false } = {}) => {
    find("[data-roll-notice-text]").textContent = text;
    find("[data-roll-undo]").hidden = !undo;
    notice.hidden = false;
    notified = { undo, line, isUnsent };
  };
  const isTooLate = ({ line }) => line && !isSlip(line) && !unsent.choices.has(line.id);
  const sayAllSent = () => {
    const count = lines.filter((line) => line.saved).length;
    if (!unsent.choices.size) notify(fill(words.saved, { count }));
  };

  /* What stands on the line goes to the store; `held`: not sent before somebody says so. */
  const keep = (line, held = false) => {
    const left = line.left ? line.left.value.trim() : "";
    if (!isChanged(line) && !left) {
      unsent.drop(line.id);
      return;
    }
    unsent.put({
      left,
      enrolment: line.id,
      status: status(line),
      minutes_late: line.late.value.trim(),
      reason: line.reason ? line.reason.value.trim() : "",
      client_id: randomId(),
      base: line.saved,
      held: held || lacksReason(line),
    });
  };
  const isHeld = (line) => unsent.choices.get(line.id)?.held;
  const tap = (line) => {
    const [before, old] = [line.saved, unsent.choices.get(line.id)];
    forgive(line);
    if (line.settle) line.settle.remove();
    keep(line);
    const picked = line.radios.find((radio) => radio.checked);
    if (picked) {
      const text = fill(words.tapped, { name: line.name, status: picked.title });
      const undo = lacksReason(line) ? null : () => takeBack(line, before, old);
      notify(text, { undo, line: undo && line });
    }
    show();
    sendOrAsk(line);
  };
  const sendOrAsk = (line) => {
    // What is to be changed may be another's by now.
    if (lacksReason(line)) sender.poll();
    sender.soon();
  };
  const leave = (line) => {
    unsent.drop(line.id);
    writeSaved(line);
  };
  const takeBack = (line, before, old) => {
    if (old) write(line, old.status, old.minutes_late);
    else write(line, ...(before.startsWith("late") ? before.split(" ") : [before]));
    // It may be on its way: of what the server never had it undoes nothing.
    sender.undo.push(unsent.choices.get(line.id)?.client_id || line.sentId);
    unsent.drop(line.id);
    if (old) keep(line);
  };

  const giveWay = (line) => {
    leave(line);
    forgive(line);
    line.settle.remove();
    show();
  };

  /* A colleague has noted something else: keep mine with a reason, or leave theirs. */
  const settle = (line, message) => {
    complain(line, message);
    if (line.settle) line.settle.remove();
    line.settle = make("div", "roll__settle");
    for (const [text, act] of [
      [words.mine, () => (reasonOf(line).value.trim() ? tap(line) : line.reason.focus())],
      [words.theirs, () => giveWay(line)],
    ]) {
      const button = make("button", "button button--quiet", text);
      button.type = "button";
      button.addEventListener("click", act);
      line.settle.append(button);
    }
    line.item.append(line.settle);
  };
  const writeNoted = (line, text) => {
    let noted = line.item.querySelector(".roll__noted");
    if (!noted) {
      noted = make("p", "roll__noted");
      line.item.firstElementChild.append(noted);
    }
    noted.textContent = text;
    const isThere = ["present", "late"].includes(line.saved.split(" ")[0]);
    let link = line.item.querySelector(".roll__leave");
    if (isThere && !link) {
      link = make("a", "roll__leave", words.leftLabel);
      link.href = `${line.id}/gio/`;
      noted.after(link);
    }
    if (!isThere) link?.remove();
  };
  const hearLine = (line, told) => {
    line.saved = said(told.status, told.minutes_late);
    line.slipUntil = inSeconds(told.slip);
    writeNoted(line, told.status ? told.noted : "");
    const kept = unsent.choices.get(line.id);
    if (kept) compare(line, kept, told);
    else writeSaved(line);
  };
  const compare = (line, kept, told) => {
    if (!saysNew(line, kept)) unsent.drop(line.id);
    else if (told.status && !told.mine) {
      unsent.put({ ...kept, held: true });
      settle(line, `${line.radios.find((one) => one.value === told.status).title}: ${told.noted}`);
    }
  };
  const hearTold = (told) => {
    const line = byId.get(told.enrolment);
    if (line) hearLine(line, told);
    else newcomers.add(told.enrolment);
  };
  const hearTaken = (sent) => {
    const line = byId.get(sent.enrolment);
    line.sentId = sent.client_id;
    line.left?.parentElement.remove();
    line.left = null;
    unsent.drop(sent.enrolment, sent.client_id);
    // What waits for the coordinator has changed nothing: the line shows what is noted.
    if (!unsent.choices.has(sent.enrolment)) writeSaved(line);
  };
  const hearRefused = (sent, refusal) => {
    const line = byId.get(sent.enrolment);
    // It waits for the person, not for the network.
    if (unsent.choices.get(sent.enrolment)?.client_id === sent.client_id) {
      unsent.put({ ...sent, held: true });
    }
    if (refusal.code === "reason_required") settle(line, refusal.message);
    else complain(line, refusal.message);
  };
  const answered = (sent, answer) => {
    trouble = answer.message;
    // What waits for the coordinator is not undone here.
    if (trouble) notice.hidden = true;
    const isRefused = (one) => one.enrolment in answer.refused;
    sent.filter((one) => !isRefused(one)).forEach(hearTaken);
    answer.lines.forEach(hearTold);
    for (const one of sent.filter(isRefused)) hearRefused(one, answer.refused[one.enrolment]);
    if (notified.isUnsent && !notice.hidden) sayAllSent();
    show();
  };
  const warn = (text) => {
    trouble = text;
    show();
  };
  const stopped = (message) => warn(message || words.expired);
  const waits = () => warn(words.offline);

  const unsent = new Unsent(Number(words.reader), Number(words.roll), () => {
    unkept = words.unkept;
    show();
  });
  const early = find("[name=early]");
  const sender = new Sender({
    url: words.lines,
    token: find("[name=csrfmiddlewaretoken]").value,
    since: Number(find("[name=seen]").value),
    unsent,
    isEarly: () => Boolean(early?.checked),
    listener: { answered, stopped, waits },
  });

  /* Return whether this choice of an earlier page still says something new. */
  const restore = (kept) => {
    const line = byId.get(kept.enrolment);
    if (!line || !saysNew(line, kept)) {
      unsent.drop(kept.enrolment);
      return false;
    }
    write(line, kept.status, kept.minutes_late);
    if (kept.left) leftOf(line).value = kept.left;
    // A reason was given for a change of what stood there then.
    if (kept.reason && kept.base === line.saved) reasonOf(line).value = kept.reason;
    return true;
  };

  const search = find("[type=search]");
  const unmarked = find("[name=unmarked]");
  const unit = find("[name=unit]");
  const isWanted = (line, wanted) =>
    wanted.every((word) => line.search.includes(word)) &&
    !(unmarked.checked && status(line)) &&
    (!unit?.value || line.item.dataset.unit === unit.value);
  const filter = () => {
    const wanted = fold(search.value).split(/\s+/);
    for (const line of lines) line.item.hidden = !isWanted(line, wanted);
    const found = lines.filter((line) => !line.item.hidden).length;
    find("[data-roll-found]").hidden = !(search.value.trim() || unmarked.checked || unit?.value);
    find("[data-roll-found-text]").textContent = fill(words.found, { found, total: lines.length });
    find("[data-roll-walk-in]").search = new URLSearchParams({ q: search.value.trim() });
  };
  const clear = () => {
    search.value = "";
    unmarked.checked = false;
    if (unit) unit.value = "";
    filter();
  };

  const onClick = (selector, act) =>
    find(selector).addEventListener("click", (event) => {
      event.preventDefault();
      act();
    });
  onClick("[value=search]", () => search.focus());
  onClick("[data-roll-clear]", clear);
  onClick("[data-roll-fill]", () => {
    const open = lines.filter((line) => status(line) === "");
    for (const line of open) {
      write(line, "present", "");
      keep(line, true);
    }
    const undo = () => open.filter(isHeld).forEach(leave);
    notify(fill(words.filled, { count: open.length }), { undo, isUnsent: true });
    show();
  });
  onClick("[data-roll-undo]", () => {
    notice.hidden = true;
    notified.undo();
    show();
    sender.flush();
  });
  onClick("[value=save]", async () => {
    // A line that is filtered away could not show what is wrong with it.
    clear();
    const wrong = lines.filter(lacksReason);
    for (const line of wrong) complain(line, words.reason);
    if (wrong.length) wrong[0].reason.focus();
    const ready = lines.filter((line) => isHeld(line) && !wrong.includes(line));
    for (const line of ready) keep(line);
    show();
    await sender.flush();
    sayAllSent();
  });
  search.addEventListener("input", filter);
  unmarked.addEventListener("change", filter);
  unit?.addEventListener("change", filter);
  // Those of the class, and the guests below them.
  for (const list of form.querySelectorAll(".roll")) {
    list.addEventListener("change", (event) => tap(lineOf(event.target)));
    list.addEventListener("click", (event) => {
      if (!event.target.matches(".roll__leave")) return;
      event.preventDefault();
      leftOf(lineOf(event.target)).focus();
    });
  }
  early?.addEventListener("change", () => sender.flush());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    event.target.blur();
  });
  find(".roll-call__letters")?.addEventListener("click", clear);

  form.classList.add("is-live");
  show();
  await unsent.load();
  const restored = unsent.inOrder().filter(restore).length;
  if (restored) notify(fill(words.restored, { count: restored }), { isUnsent: true });
  show();
  filter();
  sender.flush();
  window.addEventListener("online", () => sender.flush());
  window.addEventListener("pageshow", show);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sender.flush().then(() => sender.poll());
    else if (sender.gathers) sender.flush();
  });
  setInterval(() => {
    if (isTooLate(notified)) notice.hidden = true;
    if (document.visibilityState === "visible") sender.poll();
  }, POLL_SECONDS * 1000);
};

for (const form of document.querySelectorAll("[data-roll]")) startRollCall(form);
