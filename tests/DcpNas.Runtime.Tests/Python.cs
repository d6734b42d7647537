using System.Diagnostics;

namespace DcpNas.Runtime.Tests;

/// <summary>Runs what others have written for Python, to compare with; tests that need it are skipped where it is missing.</summary>
internal static class Python
{
    private static readonly string[] Interpreters = ["python3", "/usr/bin/python3"]; // the second is Debian's, which has the modules of Debian's packages

    /// <summary>Runs python3 to a good end.</summary>
    /// <param name="module">What it must be able to import.</param>
    /// <param name="package">Debian's package of that.</param>
    /// <param name="arguments">The command line.</param>
    public static void Run(string module, string package, params string[] arguments)
    {
        var interpreter = Interpreters.FirstOrDefault(candidate => Start(candidate, "-c", $"import {module}").ExitCode == 0);
        Assert.SkipWhen(interpreter is null, $"There is no Python 3 with {module} (Debian: apt install {package}); nothing was compared.");
        var (exitCode, errors) = Start(interpreter!, arguments);
        Assert.True(exitCode == 0, errors);
    }

    private static (int ExitCode, string Errors) Start(string interpreter, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(interpreter, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, errors + output.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "not installed");
        }
    }
}
