import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.logging.*;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;

/** Checks against PDF/UA-1 the files named on standard input, one path a line.
 *  Prints, for the file with number n: "n TAB failed TAB message" a failure, "n TAB end" at last. */
public class VeraPdf {
    static final PDFAFlavour UA1 = PDFAFlavour.PDFUA_1;

    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int number = 0;
        for (String path = in.readLine(); path != null; path = in.readLine(), number++) {
            for (String failure : failures(new File(path)))
                out.println(number + "\tfailed\t" + failure.replaceAll("\\s+", " "));
            out.println(number + "\tend");
        }
    }

    static List<String> failures(File file) {
        List<String> found = new ArrayList<>();
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, UA1);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(UA1, false)) {
            for (TestAssertion one : validator.validate(parser).getTestAssertions())
                if (one.getStatus() == TestAssertion.Status.FAILED)
                    found.add(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber() + " "
                        + one.getMessage() + " at " + one.getLocation().getContext());
        } catch (Exception problem) {
            found.add("unreadable: " + problem);
        }
        return found;
    }
}
