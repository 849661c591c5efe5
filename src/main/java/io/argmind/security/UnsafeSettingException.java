package io.argmind.security;

/** The service does not start: it would not be known who may use it. */
final class UnsafeSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String action;

    /**
     * @param message what is wrong
     * @param action what to do
     */
    UnsafeSettingException(String message, String action) {
        super(message);
        this.action = action;
    }

    String action() {
        return action;
    }
}
