// What the person does who is verified.

export async function consent(page, sessionUrl) {
  await page.goto(sessionUrl);
  await page.getByRole("button", { name: "Agree and continue" }).click();
  await page.getByRole("heading", { name: "Copy the lines from your document" }).waitFor();
}

/** Types the lines and sends them; gives the status of the answer. */
export async function give(page, lines) {
  for (const [index, line] of lines.entries()) {
    await page.getByLabel(`Line ${index + 1}`, { exact: true }).fill(line);
  }
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST"),
    page.getByRole("button", { name: "Check document" }).click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
}
