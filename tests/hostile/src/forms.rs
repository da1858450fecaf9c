//! XForms, old submissions, and the tables that travel with a form.

use std::sync::{Arc, LazyLock};

use tianye_xform::{Form, Media, Session, SubmissionHead};

use crate::stage;

/// An XForm.
pub fn xform(bytes: &[u8]) {
    let Ok(xml) = std::str::from_utf8(bytes) else { return };
    if let (Some(form), _) = Form::parse(xml, &Media::none()) {
        stage::live(form);
    }
}

/// A submission, opened for editing, taken in as it stands and as an edit, and handed in as the last one saved.
pub fn submission(bytes: &[u8]) {
    static FORM: LazyLock<Arc<Form>> = LazyLock::new(|| {
        stage::form(&stage::xform(
            r#"<a>1</a><g><b/><c/></g><r jr:template=""><v/><s jr:template=""><w/></s></r><n/><k><x/></k><many/><o jr:template=""><at/></o>"#,
            r#"<bind nodeset="/data/a" type="int"/><bind nodeset="/data/g/b" type="date" relevant="/data/a = 1"/>
<bind nodeset="/data/g/c" calculate="sum(/data/r/v) + count(/data/r/s)"/><bind nodeset="/data/r/v" type="int"/><bind nodeset="/data/n" type="int"/>
<bind nodeset="/data/o" tianye:repeat_over="/data/many"/>"#,
            r#"<input ref="/data/a"><label>a</label></input><input ref="/data/g/b"><label>b</label></input><input ref="/data/n"><label>n</label></input>
<repeat nodeset="/data/r"><input ref="/data/r/v"><label>v</label></input><repeat nodeset="/data/r/s"><input ref="/data/r/s/w"><label>w</label></input></repeat></repeat>
<repeat nodeset="/data/k" jr:count="/data/n"><input ref="/data/k/x"><label>x</label></input></repeat>
<select ref="/data/many"><label>m</label><item><label>1</label><value>1</value></item><item><label>2</label><value>2</value></item></select>
<repeat nodeset="/data/o" jr:count="count-selected(/data/many)"><input ref="/data/o/at"><label>at</label></input></repeat>"#,
        ))
    });
    let Ok(xml) = std::str::from_utf8(bytes) else { return };
    let head = SubmissionHead::read(xml);
    let taken = stage::with(|context| Session::take_in(&FORM, xml, context));
    if let Ok(taken) = taken {
        assert!(head.is_ok(), "what is taken in says what it is");
        stage::look_at(&taken.session);
    }
    let opened = stage::with(|context| Session::edit(Arc::clone(&FORM), xml, context));
    if let Ok((session, _)) = opened {
        stage::look_at(&session);
        let written = session.instance_xml();
        let again = stage::with(|context| Session::edit(Arc::clone(&FORM), &written, context));
        assert!(again.is_ok(), "what was written is not read back: {:?}", again.err());
    }
    // As an edit of an empty filling, and an empty one as an edit of it.
    let fresh = stage::with(|context| Session::start(Arc::clone(&FORM), context));
    if let Ok(revised) = stage::with(|context| fresh.revise(xml, &|_| 7, context)) {
        stage::look_at(&revised.session);
        let back = stage::with(|context| revised.session.revise(&fresh.instance_xml(), &|_| 7, context));
        assert!(back.is_ok(), "{:?}", back.err());
    }
    if let Ok(session) = stage::with(|context| Session::start_after(Arc::clone(&FORM), xml, context)) {
        stage::look_at(&session);
    }
}

/// A table that travels with a form: the first byte says of which kind.
pub fn media(bytes: &[u8]) {
    let Some((kind, inside)) = bytes.split_first() else { return };
    let name = match kind {
        b'j' | b'J' => "list.geojson",
        b'x' | b'X' => "list.xml",
        _ => "list.csv",
    };
    let folder = if name == "list.csv" { "file-csv" } else { "file" };
    let xml = stage::xform(
        "<a/><b/><c/><d/>",
        &format!(
            r#"<instance id="list" src="jr://{folder}/{name}"/><bind nodeset="/data/c" calculate="pulldata('list', 'label', 'name', /data/a)"/>
<bind nodeset="/data/d" calculate="count(instance('list')/root/item[name = /data/b]) + count(instance('list')//*)"/>"#
        ),
        r#"<select1 ref="/data/a"><label>a</label><itemset nodeset="instance('list')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>
<select ref="/data/b" appearance="search('list')"><label>b</label><item><label>label</label><value>name</value></item></select>"#,
    );
    let media = Media::from_iter([(name, inside.to_vec())]);
    if let (Some(form), _) = Form::parse(&xml, &media) {
        stage::live(form);
    }
}
