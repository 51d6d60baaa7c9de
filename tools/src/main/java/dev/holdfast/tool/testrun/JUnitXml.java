package dev.holdfast.tool.testrun;

import dev.holdfast.tool.testrun.TestReport.Failure;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The XML reports of JUnit, Surefire, Gradle and pytest. */
public final class JUnitXml {
  private static final Pattern PYTHON = Pattern.compile("(?m)^(\\S+\\.py):(\\d+): ");
  private static final Pattern JAVA =
      Pattern.compile("\\(([\\w$]+\\.(?:java|kt|groovy|scala)):(\\d+)\\)");

  private int passed;
  private int skipped;
  private final List<Failure> failures = new ArrayList<>();

  private JUnitXml() {}

  /** Reads one report; empty when it is not one. The bytes may be anything. */
  public static Optional<TestReport> read(byte[] xml) {
    // no document type, no entities: reports come from inside the workbench
    var factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    var state = new JUnitXml();
    try {
      var reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamReader.START_ELEMENT
            && reader.getLocalName().equals("testcase")) {
          state.testCase(reader);
        }
      }
    } catch (XMLStreamException malformed) {
      return Optional.empty();
    }
    return Optional.of(
        new TestReport(state.passed, state.failures.size(), state.skipped, state.failures));
  }

  private void testCase(XMLStreamReader reader) throws XMLStreamException {
    var owner = attribute(reader, "classname");
    var name =
        owner.isEmpty() ? attribute(reader, "name") : owner + "." + attribute(reader, "name");
    var file = attribute(reader, "file");
    boolean bad = false;
    boolean passedOver = false;
    while (reader.hasNext()) {
      int event = reader.next();
      if (event == XMLStreamReader.END_ELEMENT && reader.getLocalName().equals("testcase")) {
        break;
      }
      if (event == XMLStreamReader.START_ELEMENT) {
        var kind = reader.getLocalName();
        passedOver |= kind.equals("skipped");
        if (!bad && (kind.equals("failure") || kind.equals("error"))) {
          bad = true;
          failures.add(failure(name, owner, file, attribute(reader, "message"), text(reader)));
        }
      }
    }
    if (!bad) {
      passed += passedOver ? 0 : 1;
      skipped += passedOver ? 1 : 0;
    }
  }

  /** The text of the element, and of what is in it. */
  private static String text(XMLStreamReader reader) throws XMLStreamException {
    var text = new StringBuilder();
    for (int depth = 1; depth > 0 && reader.hasNext(); ) {
      switch (reader.next()) {
        case XMLStreamReader.START_ELEMENT -> depth++;
        case XMLStreamReader.END_ELEMENT -> depth--;
        case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA -> text.append(reader.getText());
        default -> {} // comments
      }
    }
    return text.toString();
  }

  private static Failure failure(
      String name, String owner, String file, String message, String text) {
    var said = message.isBlank() ? firstLine(text) : message;
    var python = PYTHON.matcher(text);
    String place = file;
    int line = 0;
    while (python.find()) {
      place = python.group(1);
      line = Scan.number(python, 2);
    }
    if (line > 0) {
      return new Failure(name, place, line, said);
    }
    var outer = owner.replaceAll("\\$.*", "");
    var java = JAVA.matcher(text);
    while (java.find()) {
      var simple = outer.substring(outer.lastIndexOf('.') + 1);
      if (java.group(1).startsWith(simple + ".")) {
        int dot = outer.lastIndexOf('.');
        var directory = dot < 0 ? "" : outer.substring(0, dot).replace('.', '/') + "/";
        return new Failure(name, directory + java.group(1), Scan.number(java, 2), said);
      }
    }
    return new Failure(name, file, 0, said);
  }

  private static String firstLine(String text) {
    return text.strip().lines().findFirst().orElse("");
  }

  private static String attribute(XMLStreamReader reader, String name) {
    return Scan.orEmpty(reader.getAttributeValue(null, name));
  }
}
