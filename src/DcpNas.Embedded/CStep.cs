namespace DcpNas.Embedded;

/// <summary>One step of the generated network: the calls that make one value.</summary>
/// <param name="Title">The nodes that it computes.</param>
/// <param name="Output">The value that it makes.</param>
/// <param name="Kernels">Files of C that it calls.</param>
/// <param name="Tables">Constant arrays that it reads.</param>
/// <param name="Work">How often it goes through each of its loops.</param>
/// <param name="Lines">Its statements, once every value has its place.</param>
internal sealed record CStep(string Title, CValue Output, IReadOnlyList<string> Kernels, IReadOnlyList<string> Tables, CWork Work, Func<IEnumerable<string>> Lines);
