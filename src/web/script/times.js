// Relative times in lists, which stay right while the page is open.
{
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "narrow" });
  const freshen = (root) => {
    for (const time of root.querySelectorAll(".when time, .notification time")) {
      const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
      const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([s]) => -seconds >= s) || [1, "second"];
      if (-seconds < 7 * 86400) time.textContent = relative.format(Math.round(seconds / size), unit);
    }
  };
  enhancements.push(freshen);
  setInterval(() => document.hidden || freshen(document), 60_000);
}

// The zone of the first browser is the owner's until the owner chooses another one. The page has the key for it until then.
if (texts.zone) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  if (timeZone) fetch("/settings/time-zone", { method: "POST", body: new URLSearchParams({ csrf: texts.zone, zone: timeZone }), redirect: "manual" }).catch(() => null);
}
