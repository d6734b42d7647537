using System.CommandLine;
using DcpNas.ReIdentificationBench;

var root = new RootCommand("Measures the evaluation of person re-identification on random features, beside bench/python/reid.py.")
{
    CreateCommand.Create(),
    MeasureCommand.Create(),
};
try
{
    return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InputException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
