using System.Diagnostics;

namespace DcpNas.Runtime.Tests.Embedded;

/// <summary>The C compiler of the machine; tests that need it are skipped where there is none.</summary>
internal static class CCompiler
{
    private static readonly string[] Strict = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-pedantic"];
    private static readonly string[] Sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

    private static readonly string Helium = Path.Combine(Checkout.Folder, "tests", "DcpNas.Runtime.Tests", "Embedded", "Helium");

    // A compiler may lack the libraries of its sanitizers (Debian: libasan, libubsan).
    private static readonly Lazy<bool> Sanitizes = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("dcpnas-cc");
        try
        {
            var source = Path.Combine(folder.FullName, "empty.c");
            File.WriteAllText(source, "int main(void) { return 0; }");
            using var process = Start("cc", [.. Sanitizers, source, "-o", Path.Combine(folder.FullName, "empty")]);
            process.StandardInput.Close();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    });

    /// <summary>As C99, strictly, with the sanitizers of addresses and undefined behaviour.</summary>
    public static void BuildProgram(string program, string folder, params IEnumerable<string> defines)
    {
        if (!Sanitizes.Value)
        {
            Assert.Skip("The C compiler has no sanitizers (Debian: apt install gcc); no C code was run.");
        }

        Run("cc",
        [
            "-std=c99", "-O1", .. Strict, .. Sanitizers, "-isystem", Helium, .. defines.Select(define => $"-D{define}"),
            .. Directory.GetFiles(folder, "*.c").Order(StringComparer.Ordinal), "-o", program,
        ]);
    }

    /// <summary>As C99, strictly and optimised, without sanitizers: what runs over many images.</summary>
    public static void BuildFastProgram(string program, string folder) =>
        Run("cc", ["-std=c99", "-O2", .. Strict, .. Directory.GetFiles(folder, "*.c").Order(StringComparer.Ordinal), "-o", program]);

    /// <summary>As C99 without headers of a system, and as C++; nothing is linked.</summary>
    public static void CheckFreestanding(string folder, string name)
    {
        foreach (var file in Directory.GetFiles(folder, $"{name}*.c"))
        {
            Run("cc", ["-std=c99", "-ffreestanding", .. Strict, "-fsyntax-only", file]);
            Run("c++", ["-x", "c++", "-std=c++17", .. Strict, "-fsyntax-only", file]);
        }
    }

    /// <summary>Runs a program to a good end.</summary>
    /// <returns>What it wrote.</returns>
    public static byte[] Run(string program, IEnumerable<string> arguments, byte[]? input = null)
    {
        using var process = Start(program, arguments);
        using var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input ?? []);
            process.StandardInput.Close();
        });
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        writing.GetAwaiter().GetResult();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}: {errors.Result}");
        return output.ToArray();
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"There is no {program} (Debian: apt install gcc g++); no C code was compiled.");
            throw;
        }
    }
}
