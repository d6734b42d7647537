using System.CommandLine;
using DcpNas.StepBench;

var root = new RootCommand("Measures single search steps: against the reference in PyTorch (export, time), and between curvatures (alpha-step).")
{
    ExportCommand.Create(),
    TimeCommand.Create(),
    AlphaStepCommand.Create(),
    AlphaMemoryCommand.Create(),
};
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception error) when (error is InputException or OptionsException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
