// What the panel's dialogs share: they open as modal windows, close by their button, by Escape, and give the focus back to where it was.

/** Open a dialog; `closed` is called once it is closed, however that happens. */
export function open(dialog, closed = () => {}) {
  const before = document.activeElement;
  for (const button of dialog.querySelectorAll("[data-close]")) button.onclick = () => dialog.close();
  dialog.addEventListener("close", () => {
    closed();
    if (before?.isConnected) before.focus();
  }, { once: true });
  dialog.showModal();
}
