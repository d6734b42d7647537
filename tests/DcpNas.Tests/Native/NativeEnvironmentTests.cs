using DcpNas.Native;

namespace DcpNas.Tests.Native;

public class NativeEnvironmentTests
{
    [Fact]
    public void Set_AVariable_IsSeenByNativeCode()
    {
        const string name = "DCPNAS_TEST_OF_THE_ENVIRONMENT";
        Environment.SetEnvironmentVariable(name, "managed");
        Assert.Null(NativeEnvironment.Get(name)); // why there is this class

        NativeEnvironment.Set(name, "native, Umläute");

        Assert.Equal("native, Umläute", NativeEnvironment.Get(name));
        Environment.SetEnvironmentVariable(name, null);
    }

    [Fact]
    public void ChosenByUser_OfSeveralNames_IsTheFirstThatIsNotEmpty()
    {
        Environment.SetEnvironmentVariable("DCPNAS_TEST_B", "2");
        Environment.SetEnvironmentVariable("DCPNAS_TEST_C", "3");
        Assert.Equal(("DCPNAS_TEST_B", "2"), NativeEnvironment.ChosenByUser(["DCPNAS_TEST_A", "DCPNAS_TEST_B", "DCPNAS_TEST_C"]));
        Environment.SetEnvironmentVariable("DCPNAS_TEST_B", "");
        Assert.Equal(("DCPNAS_TEST_C", "3"), NativeEnvironment.ChosenByUser(["DCPNAS_TEST_A", "DCPNAS_TEST_B", "DCPNAS_TEST_C"]));
        Environment.SetEnvironmentVariable("DCPNAS_TEST_C", null);
        Assert.Null(NativeEnvironment.ChosenByUser(["DCPNAS_TEST_A", "DCPNAS_TEST_B", "DCPNAS_TEST_C"]));
    }
}
