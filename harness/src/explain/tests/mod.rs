//! Explanations of the golden stories and of random histories.
