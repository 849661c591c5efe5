package io.argmind.image;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Without a Docker engine a test is skipped and says so; where everything must run, it fails. */
final class NeedsDocker implements ExecutionCondition {
    private static final boolean REACHED = Docker.reached();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (REACHED) {
            return ConditionEvaluationResult.enabled("`docker info` reaches an engine");
        }
        String how =
                context.getDisplayName() + " needs a Docker engine, and `docker info` reaches none";
        if (System.getenv("CI") != null) {
            throw new IllegalStateException(how);
        }
        System.err.println("SKIPPED: " + how);
        return ConditionEvaluationResult.disabled(how);
    }
}
