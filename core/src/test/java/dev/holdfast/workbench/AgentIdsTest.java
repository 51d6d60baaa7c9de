package dev.holdfast.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentIdsTest {
  @Property
  void theAgentIsAlwaysTheOwnerAndEveryIdIsOneIdOfTheRange(
      @ForAll @IntRange(min = 1, max = 65_535) int agent) {
    var ids = new AgentIds(agent, AgentIds.USUAL);
    assertThat(ids.hostUid(agent)).isEqualTo(AgentIds.OWNER);
    int next = 0;
    var hosts = new java.util.BitSet();
    for (AgentIds.Range range : ids.users()) {
      assertThat(range.inside()).isEqualTo(next);
      next += range.size();
      int first = range.host() - AgentIds.FIRST;
      hosts.set(first, first + range.size());
      assertThat(ids.hostUid(range.inside())).isEqualTo(range.host());
      int last = range.size() - 1;
      assertThat(ids.hostUid(range.inside() + last)).isEqualTo(range.host() + last);
    }
    assertThat(next).isEqualTo(AgentIds.COUNT);
    assertThat(hosts.cardinality()).isEqualTo(hosts.length()).isEqualTo(AgentIds.COUNT);
    assertThat(ids.groups())
        .isEqualTo(List.of(new AgentIds.Range(0, AgentIds.FIRST, AgentIds.COUNT)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void theAgentIsNeitherRootNorOutsideTheRange(int id) {
    assertThatThrownBy(() -> new AgentIds(id, 1000)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AgentIds(1000, id)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536, Integer.MAX_VALUE})
  void anIdOutsideTheRangeIsNobodyOnTheHost(int id) {
    assertThatThrownBy(() -> AgentIds.DEFAULT.hostUid(id))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
