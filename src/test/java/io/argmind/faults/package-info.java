/** What happens to the service when networks, clients and load are at their worst. */
@org.jspecify.annotations.NullMarked
package io.argmind.faults;
