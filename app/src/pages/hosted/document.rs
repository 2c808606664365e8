//! Where the lines are: drawings of a passport's data page and of a card's back.

use leptos::prelude::*;

const PASSPORT: &str = r#"
<rect class="paper" x="1" y="1" width="158" height="110" rx="8"/>
<rect class="photo" x="12" y="18" width="34" height="44" rx="3"/>
<circle class="face" cx="29" cy="34" r="7"/><path class="face" d="M17 58c1-9 6-13 12-13s11 4 12 13z"/>
<path class="ink" d="M56 22h44M56 32h70M56 42h30M92 42h26M56 52h52M56 62h36"/>
<rect class="zone" x="6" y="77" width="148" height="29" rx="4"/>
<path class="mrz" d="M12 86.500h136M12 97.500h136"/>"#;

const CARD: &str = r#"
<rect class="paper" x="1" y="1" width="158" height="100" rx="8"/>
<rect class="photo" x="12" y="12" width="20" height="15" rx="3"/>
<path class="ink" d="M44 15h60M44 25h84M12 40h46M70 40h40"/>
<rect class="zone" x="6" y="52" width="148" height="43" rx="4"/>
<path class="mrz" d="M12 62.500h136M12 73.500h136M12 84.500h136"/>"#;

/// Both drawings, with what to look for.
#[component]
pub(super) fn WhereTheLinesAre() -> impl IntoView {
    view! {
        <div class="documents">
            <figure>
                <svg
                    viewBox="0 0 160 112"
                    role="img"
                    aria-label="A passport's page with the photo. Two lines of letters stand at its foot."
                    inner_html=PASSPORT
                />
                <figcaption>
                    <strong>"Passport"</strong>
                    "Photo page, two lines at the foot"
                </figcaption>
            </figure>
            <figure>
                <svg
                    viewBox="0 0 160 112"
                    role="img"
                    aria-label="The back of an identity card. Three lines of letters stand in its lower half."
                    inner_html=CARD
                />
                <figcaption>
                    <strong>"Identity card"</strong>
                    "Back, three lines below"
                </figcaption>
            </figure>
        </div>
    }
}
