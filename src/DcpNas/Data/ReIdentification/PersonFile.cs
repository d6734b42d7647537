namespace DcpNas.Data.ReIdentification;

/// <summary>An image file of a person.</summary>
/// <param name="Path">The file.</param>
/// <param name="Identity">The number of the person.</param>
/// <param name="Camera">The number of the camera.</param>
internal readonly record struct PersonFile(string Path, int Identity, int Camera);
