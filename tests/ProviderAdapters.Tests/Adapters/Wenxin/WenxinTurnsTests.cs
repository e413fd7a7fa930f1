using System.Text;
using Aigc2d.ProviderAdapters.Adapters;
using Aigc2d.ProviderAdapters.Adapters.Chats;
using Aigc2d.ProviderAdapters.Adapters.Wenxin;
using FsCheck;
using FsCheck.Fluent;

namespace Aigc2d.ProviderAdapters.Tests.Wenxin;

public sealed class WenxinTurnsTests
{
    [Fact]
    public void Neighbours_of_one_side_become_one_message() => Assert.Equal(
        ["user: a\nb", "assistant: c\nd", "user: e"],
        Turns("""{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"},{"role":"assistant","content":"d"},{"role":"user","content":"e"}"""));

    [Fact]
    public void Answers_before_any_question_are_left_out_with_their_calls() => Assert.Equal(
        ["user: a"],
        Turns("""{"role":"assistant","content":"hello"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f"}}]},{"role":"tool","tool_call_id":"1","content":"r"},{"role":"user","content":"a"}"""));

    [Fact]
    public void Empty_texts_between_others_become_a_stroke() => Assert.Equal(
        ["user: /", "assistant: /", "user: a"],
        Turns("""{"role":"user","content":""},{"role":"assistant","content":null},{"role":"user","content":"a"}"""));

    [Fact]
    public void Several_calls_of_one_message_become_a_row_of_calls_each_with_its_result() => Assert.Equal(
        ["user: a", "assistant: thinking f({\"x\":1})", "function f: {\"r\":1}", "assistant:  g({})", "function g: {\"result\":\"plain\"}"],
        Turns("""
            {"role":"user","content":"a"},
            {"role":"assistant","content":"thinking","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"2","type":"function","function":{"name":"g","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"2","content":"plain"},{"role":"tool","tool_call_id":"1","content":"{\"r\":1}"}
            """));

    [Fact]
    public void The_old_function_role_answers_by_name() => Assert.Equal(
        ["user: a", "assistant:  f({})", "function f: {\"result\":21}"],
        Turns("""{"role":"user","content":"a"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"21"}"""));

    [Fact]
    public void Between_a_result_and_a_question_stands_a_word_of_the_assistants() => Assert.Equal(
        ["user: a", "assistant:  f({})", "function f: {\"result\":1}", "assistant: /", "user: b"],
        Turns("""{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"1","content":"1"},{"role":"user","content":"b"}"""));

    [Theory]
    [InlineData("", "messages")]
    [InlineData("""{"role":"system","content":"a"}""", "messages")]
    [InlineData("""{"role":"user","content":"a"},{"role":"assistant","content":"b"}""", "messages[1]")]
    [InlineData("""{"role":"user","content":" "}""", "messages[0].content")]
    [InlineData("""{"role":"user","content":"a"},{"role":"tool","tool_call_id":"1","content":"b"}""", "messages[1].tool_call_id")]
    [InlineData("""{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f"}}]}""", "messages[1].tool_calls")]
    [InlineData("""{"role":"user","content":"a"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f"}}]},{"role":"tool","tool_call_id":"1","content":"b"},{"role":"tool","tool_call_id":"2","content":"b"}""", "messages[3].tool_call_id")]
    public void What_cannot_be_put_in_order_is_refused_by_its_place(string messages, string param) =>
        Assert.Equal(param, Assert.Throws<UntranslatableException>(() => Turns(messages)).Param);

    [Fact]
    public void Whatever_is_accepted_is_odd_in_number_alternates_and_ends_with_the_user_or_a_function()
    {
        string[] messages =
        [
            """{"role":"system","content":"s"}""", """{"role":"user","content":"u"}""", """{"role":"user","content":""}""", """{"role":"assistant","content":"a"}""", """{"role":"assistant","content":""}""",
            """{"role":"assistant","content":"c","tool_calls":[{"id":"1","type":"function","function":{"name":"f"}}]},{"role":"tool","tool_call_id":"1","content":"r"}""",
            """{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f"}},{"id":"2","type":"function","function":{"name":"g"}}]},{"role":"tool","tool_call_id":"1","content":"[]"},{"role":"tool","tool_call_id":"2","content":"r"}""",
        ];
        Prop.ForAll(Gen.Elements(messages).ListOf().ToArbitrary(), listed =>
        {
            WenxinTurns turns;
            try
            {
                turns = Of(string.Join(',', listed));
            }
            catch (UntranslatableException)
            {
                return;
            }

            Assert.Equal(1, turns.Turns.Count % 2);
            for (var i = 0; i < turns.Turns.Count; i++)
            {
                Assert.Equal(i % 2 == 1, turns.Turns[i].Role == "assistant");
                Assert.True(turns.Turns[i].Content.Length > 0 || turns.Turns[i].Call is not null);
                Assert.Equal(turns.Turns[i].Role == "function", i > 0 && turns.Turns[i - 1].Call is not null);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static string[] Turns(string messages) => [.. Of(messages).Turns.Select(turn =>
        $"{turn.Role}{(turn.Name is null ? "" : " " + turn.Name)}: {turn.Content}{(turn.Call is null ? "" : $" {turn.Call.Name}({turn.Call.Arguments})")}")];

    private static WenxinTurns Of(string messages) => WenxinTurns.Of(ChatRequestReader.Read(Encoding.UTF8.GetBytes($$"""{"messages":[{{messages}}]}""")).Messages);
}
