// JavaRosa, driven by JSON lines: the reference that our form engine is compared with.
//
//   java -cp ODK_Validate.jar Driver.java          one answer line for each request line
//   java -cp ODK_Validate.jar Driver.java --time   the same acts, measured
//
// ODK_Validate.jar lies in the pyxform wheel and holds JavaRosa and a JSON reader. Run with -Duser.timezone=… to fix the
// time zone. Paths are those of the primary instance without its root; a row is its place from 1: /people[2]/name.
//
// Requests:
//   {"load": FILE, "language": L}    read a form and begin a filling; the language is optional
//   {"restore": FILE, "submission": FILE}  read a form and go on with a submission of it
//   {"answer": PATH, "value": TEXT}  give an answer as the XForms value space writes it; empty text clears
//   {"add": PATH}                    add a row at the end of the repeat: /people, /people[1]/pets
//   {"remove": PATH}                 remove a row: /people[2]
//   {"language": L}                  switch the language of labels
//   {"recompute": true}              compute everything again from the stored values
// Answer: {"done": true, "nodes": [{path, value, relevant, required, readonly, fault, label, options}, …]} with the whole
// state, or {"done": false, "why": TEXT}. `label` and `options` ([[value, label], …]) stand at what has a control and is
// relevant; `fault` is "", "missing" or "constraint".
//
// The state is read as an interviewer reads it who goes through the whole form after each act: JavaRosa makes the rows of
// a counted repeat, and drops choices that are not offered any more, only when somebody comes by. Rows beyond a lowered
// count, and the first row of one that is empty, stay in JavaRosa (javarosa#45); the driver deletes them, so that what
// comes after can be compared, and says how many: "surplus": N. When the count asks for that first row again, JavaRosa
// makes it from the template, without the first rows of the repeats in it: the driver adds these, "first": N.
//
// With --time a request may also have
//   "name": TEXT         what the figure is called; by default the act and its path
//   "times": N           how often it is measured (100; load 5)
//   "warmup": N          how often it is done before that, unmeasured (20; load 2)
//   "values": [A, B, …]  answers given in turn, in place of "value"
//   "options": PATH      the options of this question are asked for after each answer, within the time
//   "read": PATH         the value of this node is asked for after each answer, within the time
//   "walk": true         somebody goes through the form once afterwards, unmeasured, so that counted rows come
// and is answered by {"step": NAME, "n": N, "p50_ms": X, "p95_ms": X, "value": LAST READ, "options": HOW MANY}. Row acts are
// done once unless "times" is given.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.GroupDef;
import org.javarosa.core.model.QuestionDef;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.MultipleItemsData;
import org.javarosa.core.model.data.SelectMultiData;
import org.javarosa.core.model.data.SelectOneData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.services.locale.Localizer;
import org.javarosa.core.services.properties.IPropertyRules;
import org.javarosa.form.api.FormEntryCaption;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.parse.XFormParser;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xform.util.XFormAnswerDataSerializer;
import org.javarosa.xform.util.XFormUtils;

public class Driver {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_STEPS = 200_000;

    private int surplus;
    private int first;
    private final IdentityHashMap<TreeElement, Boolean> fresh = new IdentityHashMap<>();
    private FormDef form;
    private FormEntryModel model;
    private FormEntryController controller;
    private final Map<String, TreeElement> nodes = new HashMap<>();
    private final IdentityHashMap<TreeElement, String> paths = new IdentityHashMap<>();
    private final IdentityHashMap<TreeElement, FormIndex> indexes = new IdentityHashMap<>();
    private final XFormAnswerDataSerializer serializer = new XFormAnswerDataSerializer();

    public static void main(String[] args) throws Exception {
        boolean time = Arrays.asList(args).contains("--time");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // JavaRosa speaks on standard output now and then; the answers must stand there alone.
        System.setOut(System.err);
        new XFormsModule().registerModule();
        PropertyManager.setPropertyManager(new Properties());
        Driver driver = new Driver();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            if (line.isBlank()) {
                continue;
            }
            JsonNode request = JSON.readTree(line);
            ObjectNode answer;
            try {
                if (time) {
                    answer = driver.measure(request);
                } else {
                    driver.surplus = driver.first = 0;
                    driver.fresh.clear();
                    driver.act(request);
                    answer = driver.state();
                }
            } catch (Throwable why) {
                answer = JSON.createObjectNode().put("done", false).put("why", why.getClass().getSimpleName() + ": " + why.getMessage());
                if (System.getenv("TRACE") != null) {
                    why.printStackTrace();
                }
            }
            out.println(JSON.writeValueAsString(answer));
        }
    }

    // Acts

    private void act(JsonNode request) throws Exception {
        if (request.has("restore")) {
            restore(request.get("restore").asText(), request.get("submission").asText());
            walk();
        } else if (request.has("load")) {
            load(request.get("load").asText());
            walk();
            if (request.has("language")) {
                controller.setLanguage(request.get("language").asText());
            }
        } else if (request.has("answer")) {
            answer(request.get("answer").asText(), request.get("value").asText());
        } else if (request.has("add")) {
            add(request.get("add").asText());
            walk();
        } else if (request.has("remove")) {
            controller.deleteRepeat(indexOf(request.get("remove").asText()));
            walk();
        } else if (request.has("language")) {
            controller.setLanguage(request.get("language").asText());
        } else if (request.has("recompute")) {
            // It would also go back to the first language.
            Localizer languages = form.getLocalizer();
            String first = languages == null ? null : languages.getDefaultLocale();
            if (languages != null && languages.getLocale() != null) {
                languages.setDefaultLocale(languages.getLocale());
            }
            form.initialize(false, new InstanceInitializationFactory());
            if (languages != null) {
                languages.setDefaultLocale(first);
            }
        } else {
            throw new IllegalArgumentException("no such request");
        }
    }

    private void load(String file) throws Exception {
        read(file);
        begin(true);
    }

    /** Goes on with a submission, as ODK Collect does: its tree is put into that of the form, and nothing runs anew. */
    private void restore(String file, String submission) throws Exception {
        read(file);
        TreeElement saved = XFormParser.restoreDataModel(Files.readAllBytes(Path.of(submission)), null).getRoot();
        TreeElement template = form.getInstance().getRoot().deepCopy(true);
        if (!saved.getName().equals(template.getName()) || saved.getMult() != 0) {
            throw new IllegalStateException("the root of the submission is not that of the form: " + saved.getName());
        }
        template.populate(saved, form);
        form.getInstance().setRoot(template);
        begin(false);
    }

    private void read(String file) throws Exception {
        try (var in = Files.newInputStream(Path.of(file))) {
            form = XFormUtils.getFormFromInputStream(in);
        }
    }

    private void begin(boolean first) throws Exception {
        form.initialize(first, new InstanceInitializationFactory());
        model = new FormEntryModel(form);
        controller = new FormEntryController(model);
    }

    private void answer(String path, String text) throws Exception {
        FormIndex index = indexOf(path);
        controller.saveAnswer(index, typed(index, text), true);
    }

    /** The text as the kind of answer that the question takes. */
    private IAnswerData typed(FormIndex index, String text) throws Exception {
        if (text.isEmpty()) {
            return null;
        }
        FormEntryPrompt prompt = model.getQuestionPrompt(index);
        List<Selection> chosen = new ArrayList<>();
        switch (prompt.getControlType()) {
            case Constants.CONTROL_SELECT_ONE:
                return new SelectOneData(selection(prompt, text));
            case Constants.CONTROL_SELECT_MULTI:
            case Constants.CONTROL_RANK:
                for (String value : text.split(" ")) {
                    chosen.add(selection(prompt, value));
                }
                return prompt.getControlType() == Constants.CONTROL_RANK ? new MultipleItemsData(chosen) : new SelectMultiData(chosen);
            case Constants.CONTROL_TRIGGER:
                return new StringData(text);
            default:
                return XFormAnswerDataParser.getAnswerData(text, prompt.getDataType(), prompt.getQuestion());
        }
    }

    private static Selection selection(FormEntryPrompt prompt, String value) {
        List<SelectChoice> choices = prompt.getSelectChoices();
        if (choices != null) {
            for (SelectChoice choice : choices) {
                if (choice.getValue().equals(value)) {
                    return choice.selection();
                }
            }
        }
        return new Selection(value);
    }

    private void add(String path) {
        int last = 0;
        while (nodes.containsKey(path + "[" + (last + 1) + "]")) {
            last++;
        }
        // The place after the last row is where JavaRosa asks whether to add one.
        FormIndex found = null;
        for (FormIndex index = model.incrementIndex(FormIndex.createBeginningOfFormIndex()); !index.isEndOfFormIndex(); index = model.incrementIndex(index)) {
            if (model.getEvent(index) == FormEntryController.EVENT_PROMPT_NEW_REPEAT && pathOf(index.getReference()).equals(path + "[" + (last + 1) + "]")) {
                found = index;
                break;
            }
        }
        if (found == null) {
            throw new IllegalArgumentException("no row can be added to " + path);
        }
        controller.newRepeat(found);
    }

    private FormIndex indexOf(String path) {
        TreeElement node = nodes.get(path);
        FormIndex index = node == null ? null : indexes.get(node);
        if (index == null) {
            throw new IllegalArgumentException("nothing is asked at " + path);
        }
        return index;
    }

    // State

    /** Goes through the form, so that counted rows are made, and notes where everything is. */
    private void walk() {
        while (deleteSurplus()) {
            surplus++;
        }
        indexes.clear();
        int steps = 0;
        for (FormIndex index = model.incrementIndex(FormIndex.createBeginningOfFormIndex()); !index.isEndOfFormIndex(); index = model.incrementIndex(index)) {
            if (++steps > MOST_STEPS) {
                throw new IllegalStateException("the form has no end");
            }
            TreeElement node = form.getMainInstance().resolveReference(index.getReference());
            if (node == null && above(index)) {
                controller.jumpToIndex(index);
                node = form.getMainInstance().resolveReference(index.getReference());
                boolean asked = model.getEvent(index) == FormEntryController.EVENT_PROMPT_NEW_REPEAT;
                if (node == null && asked && index.getReference().getMultLast() == 0 && firstRow(index)) {
                    controller.newRepeat(index);
                    node = form.getMainInstance().resolveReference(index.getReference());
                    first++;
                }
                if (node != null && node.getMult() == 0) {
                    fresh.put(node, true);
                }
            }
            if (node != null) {
                indexes.put(node, index);
            }
        }
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        nodes.clear();
        paths.clear();
        name(form.getMainInstance().getRoot(), "");
    }

    /** Deletes the last row of a counted repeat that has more rows than its count says. */
    private boolean deleteSurplus() {
        FormIndex last = null;
        for (FormIndex index = model.incrementIndex(FormIndex.createBeginningOfFormIndex()); !index.isEndOfFormIndex(); index = model.incrementIndex(index)) {
            if (!(form.getChild(index) instanceof GroupDef) || model.getEvent(index) != FormEntryController.EVENT_REPEAT) {
                continue;
            }
            GroupDef group = (GroupDef) form.getChild(index);
            if (group.getCountReference() == null || !above(index)) {
                continue;
            }
            TreeReference reference = ((TreeReference) group.getCountReference().getReference()).contextualize(index.getReference());
            TreeElement node = form.getMainInstance().resolveReference(reference);
            IAnswerData count = node == null ? null : node.getValue();
            long rows = count == null ? 0 : ((Number) count.getValue()).longValue();
            if (node != null && index.getReference().getMultLast() >= rows) {
                last = index;
            }
        }
        if (last != null) {
            controller.deleteRepeat(last);
        }
        return last != null;
    }

    /** The row around is a first one made anew: JavaRosa makes no rows in it, though the form gives the first one. */
    private boolean firstRow(FormIndex index) {
        GroupDef group = (GroupDef) form.getChild(index);
        TreeElement up = form.getMainInstance().resolveReference(index.getReference().getParentRef());
        for (; up != null; up = (TreeElement) up.getParent()) {
            if (fresh.containsKey(up)) {
                return group.getCountReference() == null;
            }
        }
        return false;
    }

    /** The node around is there and relevant: somebody may come by. */
    private boolean above(FormIndex index) {
        TreeElement parent = form.getMainInstance().resolveReference(index.getReference().getParentRef());
        return parent != null && parent.isRelevant();
    }

    private void name(TreeElement node, String path) {
        nodes.put(path, node);
        paths.put(node, path);
        for (int i = 0; i < node.getNumChildren(); i++) {
            TreeElement child = node.getChildAt(i);
            if (child.getMult() == TreeReference.INDEX_TEMPLATE) {
                continue;
            }
            name(child, path + "/" + child.getName() + (child.isRepeatable() ? "[" + (child.getMult() + 1) + "]" : ""));
        }
    }

    /** The path of a place where no node may stand yet; only its last step is taken for a row. */
    private String pathOf(TreeReference reference) {
        TreeElement parent = form.getMainInstance().resolveReference(reference.getParentRef());
        return paths.get(parent) + "/" + reference.getNameLast() + "[" + (reference.getMultLast() + 1) + "]";
    }

    private ObjectNode state() throws Exception {
        // A choice that is not offered any more goes when its options are read; what depends on it must hear of that.
        for (int round = 0; round < 20; round++) {
            walk();
            boolean still = true;
            for (Map.Entry<TreeElement, FormIndex> entry : new ArrayList<>(indexes.entrySet())) {
                TreeElement node = entry.getKey();
                if (!(form.getChild(entry.getValue()) instanceof QuestionDef) || !node.isRelevant() || node.getValue() == null) {
                    continue;
                }
                String before = text(node);
                FormEntryPrompt prompt = model.getQuestionPrompt(entry.getValue());
                if (!hasOptions(prompt)) {
                    continue;
                }
                prompt.getSelectChoices();
                if (!before.equals(text(node))) {
                    controller.saveAnswer(entry.getValue(), node.getValue(), true);
                    still = false;
                }
            }
            if (still) {
                break;
            }
        }
        ObjectNode answer = JSON.createObjectNode().put("done", true).put("surplus", surplus).put("first", first);
        ArrayNode list = answer.putArray("nodes");
        for (Map.Entry<String, TreeElement> entry : nodes.entrySet()) {
            if (!entry.getKey().isEmpty()) {
                describe(entry.getKey(), entry.getValue(), list.addObject());
            }
        }
        return answer;
    }

    private void describe(String path, TreeElement node, ObjectNode into) throws Exception {
        into.put("path", path);
        into.put("value", text(node));
        into.put("relevant", node.isRelevant());
        into.put("required", node.isRequired());
        into.put("readonly", !node.isEnabled());
        FormIndex index = indexes.get(node);
        into.put("fault", index == null ? "" : fault(node, index));
        if (index == null || !node.isRelevant()) {
            return;
        }
        if (!(form.getChild(index) instanceof QuestionDef)) {
            FormEntryCaption caption = model.getCaptionPrompt(index);
            into.put("label", shown(caption.getLongText()));
            return;
        }
        FormEntryPrompt prompt = model.getQuestionPrompt(index);
        into.put("label", shown(prompt.getQuestionText()));
        if (hasOptions(prompt)) {
            ArrayNode options = into.putArray("options");
            for (SelectChoice choice : prompt.getSelectChoices()) {
                options.addArray().add(choice.getValue()).add(shown(prompt.getSelectChoiceText(choice)));
            }
        }
    }

    private static String shown(String text) {
        return text == null ? "" : text;
    }

    private static boolean hasOptions(FormEntryPrompt prompt) {
        int control = prompt.getControlType();
        return control == Constants.CONTROL_SELECT_ONE || control == Constants.CONTROL_SELECT_MULTI || control == Constants.CONTROL_RANK;
    }

    private String text(TreeElement node) {
        IAnswerData value = node.getValue();
        Object text = value == null ? null : serializer.serializeAnswerData(value, node.getDataType());
        return text == null ? "" : text.toString();
    }

    private String fault(TreeElement node, FormIndex index) {
        if (!node.isRelevant() || !(form.getChild(index) instanceof QuestionDef)) {
            return "";
        }
        if (node.getValue() == null) {
            return node.isRequired() ? "missing" : "";
        }
        return form.evaluateConstraint(index.getReference(), node.getValue()) ? "" : "constraint";
    }

    // Time

    private ObjectNode measure(JsonNode request) throws Exception {
        boolean load = request.has("load");
        boolean rows = request.has("add") || request.has("remove");
        int times = request.path("times").asInt(load ? 5 : rows ? 1 : 100);
        int warmup = request.path("warmup").asInt(load ? 2 : rows ? 0 : 20);
        String path = request.path("answer").asText("");
        JsonNode values = request.has("values") ? request.get("values") : JSON.createArrayNode().add(request.path("value").asText(""));
        double[] took = new double[times];
        String read = null;
        int offered = -1;
        for (int turn = -warmup; turn < times; turn++) {
            String value = values.get(Math.floorMod(turn, values.size())).asText();
            long began = System.nanoTime();
            if (load) {
                load(request.get("load").asText());
            } else if (!path.isEmpty()) {
                answer(path, value);
            } else {
                act(request);
            }
            if (request.has("options")) {
                offered = model.getQuestionPrompt(indexOf(request.get("options").asText())).getSelectChoices().size();
            }
            if (request.has("read")) {
                read = text(nodes.get(request.get("read").asText()));
            }
            if (turn >= 0) {
                took[turn] = (System.nanoTime() - began) / 1e6;
            }
            if (load) {
                walk();
            }
        }
        if (load && request.has("language")) {
            controller.setLanguage(request.get("language").asText());
        }
        String act = load ? "load" : !path.isEmpty() ? "answer " + path : request.has("add") ? "add " + request.get("add").asText() : "remove " + request.path("remove").asText();
        Arrays.sort(took);
        if (request.has("walk")) {
            walk();
        }
        ObjectNode answer = JSON.createObjectNode().put("step", request.path("name").asText(act)).put("n", times);
        answer.put("p50_ms", took[(times - 1) / 2]).put("p95_ms", took[(int) Math.ceil(times * 0.95) - 1]);
        if (read != null) {
            answer.put("value", read);
        }
        if (offered >= 0) {
            answer.put("options", offered);
        }
        return answer;
    }

    /** What the device says of itself. */
    private static final class Properties implements org.javarosa.core.services.IPropertyManager {
        public List<String> getProperty(String name) {
            return List.of(getSingularProperty(name));
        }

        public String getSingularProperty(String name) {
            switch (name) {
                case "deviceid":
                    return "device-1";
                case "username":
                    return "xiaoman";
                default:
                    return "";
            }
        }

        public void setProperty(String name, String value) {}

        public void setProperty(String name, List<String> values) {}

        public void addRules(IPropertyRules rules) {}

        public List<IPropertyRules> getRules() {
            return List.of();
        }
    }
}
