namespace DcpNas.Runtime.Kernels.Depthwise;

/// <summary>Words from the first column of taps to the others of a kernel of five.</summary>
internal readonly record struct Columns(nint First, nint Second, nint Third, nint Fourth);
