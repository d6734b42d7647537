namespace DcpNas.Runtime.Tests;

public class AssemblyTests
{
    [Fact]
    public void Runtime_ReferencesNothingButTheBaseClassLibrary() => Assert.All(
        typeof(PackedModelException).Assembly.GetReferencedAssemblies(),
        name => Assert.StartsWith("System.", name.Name, StringComparison.Ordinal));
}
